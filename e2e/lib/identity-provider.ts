/** A real OpenID Connect provider at which anybody signs in by saying their address. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";

import { Provider } from "oidc-provider";

import { site } from "./site.ts";

/** An address that starts like this is one that the provider doesn't vouch for. */
export const UNVERIFIED = "unverified-";

/** Listens where the stack under test was told that its provider is. Another site than the page's: another host. */
export async function startProvider(): Promise<() => Promise<void>> {
  const issuer = site.env["OIDC_ISSUER"]!;
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: site.env["OIDC_CLIENT_ID"]!,
        client_secret: site.env["OIDC_CLIENT_SECRET"]!,
        redirect_uris: [`${site.url}/api/v1/auth/oidc/callback`],
      },
    ],
    pkce: { required: () => true },
    claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name"] },
    findAccount: (_, sub) => ({
      accountId: sub,
      claims: () => ({ sub, email: sub, email_verified: !sub.startsWith(UNVERIFIED), name: "Grace Hopper" }),
    }),
    ttl: { AccessToken: 600, Grant: 600, IdToken: 600, Interaction: 600, Session: 600 },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_, { uid }) => `/interaction/${uid}` },
    // Nobody is asked whether they agree: that page would be the provider's, too.
    loadExistingGrant: async ({ oidc }) => {
      const grant = new oidc.provider.Grant({
        clientId: oidc.client!.clientId,
        accountId: oidc.session!.accountId!,
      });
      grant.addOIDCScope("openid email profile");
      await grant.save();
      return grant;
    },
  });
  const server = createServer((request, response) => {
    const answered = request.url?.startsWith("/interaction/")
      ? interact(provider, request, response)
      : provider.callback()(request, response);
    void answered.catch((error: unknown) => response.writeHead(500).end(String(error)));
  });
  await new Promise<void>((done) => server.listen(Number(new URL(issuer).port), new URL(issuer).hostname, done));
  return () => close(server);
}

/** The provider's page: an address, yes or no. */
async function interact(provider: Provider, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.method === "GET") {
    await provider.interactionDetails(request, response);
    response.writeHead(200, { "content-type": "text/html" }).end(FORM);
    return;
  }
  let body = "";
  for await (const piece of request) body += String(piece);
  const form = new URLSearchParams(body);
  const result = form.has("no")
    ? { error: "access_denied", error_description: "They said no." }
    : { login: { accountId: form.get("email")! } };
  await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
}

const FORM = `<!doctype html><html lang="en"><title>The provider</title><h1>The provider</h1><form method="post">
<label>Address <input name="email" type="email"></label><button>Yes</button><button name="no">No</button></form></html>`;

function close(server: Server): Promise<void> {
  return new Promise((done) => {
    server.close(() => done());
    server.closeAllConnections();
  });
}
