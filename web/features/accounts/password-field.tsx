import { Field } from "@/components/ui/field";

/** Where a new password is chosen. */
export function PasswordField({ label = "Password", error }: { label?: string; error: string | undefined }) {
  return (
    <Field
      label={label}
      name="password"
      type="password"
      autoComplete="new-password"
      required
      minLength={15}
      maxLength={128}
      hint="15 characters or more. A sentence is easier to keep than a puzzle."
      error={error}
    />
  );
}
