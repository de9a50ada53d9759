import { authOptions } from "./options";

/** Development without a mail server: where the mails are that were not sent. */
export async function KeptMails() {
  const { mails_url: url } = await authOptions();
  if (!url) return null;
  return (
    <p className="text-sm text-ink-3">
      Only in development: mails are not sent, they are{" "}
      <a href={url} target="_blank" rel="noreferrer">
        kept for you to look at
      </a>
      .
    </p>
  );
}
