/** Somebody with an account, and what they can ask of the API beside the page. */
import { randomUUID } from "node:crypto";

import { type APIRequestContext, type APIResponse, expect } from "@playwright/test";

import type { components } from "../../web/lib/api/schema.d.ts";
import { site } from "./site.ts";

export type Task = components["schemas"]["Task"];

export interface Credentials {
  name: string;
  email: string;
  password: string;
}

export function newcomer(): Credentials {
  return {
    name: "Ada Lovelace",
    email: `ada-${randomUUID()}@example.com`,
    password: "a quiet engine of brass and thought",
  };
}

/** Says where a request comes from, as a browser does by itself. */
export const fromSite = { origin: site.url };

export class Member {
  readonly credentials: Credentials;
  readonly #request: APIRequestContext;

  private constructor(request: APIRequestContext, credentials: Credentials) {
    this.#request = request;
    this.credentials = credentials;
  }

  /** Registers over the wire; the session's cookie is then in the context of `request`. */
  static async register(request: APIRequestContext, credentials = newcomer()): Promise<Member> {
    await ok(request.post("/api/v1/auth/register", { data: credentials, headers: fromSite }), 201);
    return new Member(request, credentials);
  }

  /** Somebody who has a session there already. */
  static known(request: APIRequestContext, credentials: Credentials): Member {
    return new Member(request, credentials);
  }

  /** A session anew: after a change of role, or in another browser. */
  async signIn({ email, password } = this.credentials, where = this.#request): Promise<void> {
    await ok(where.post("/api/v1/auth/login", { data: { email, password }, headers: fromSite }), 200);
  }

  async create(prompt: string): Promise<Task> {
    return json(
      ok(this.#request.post("/api/v1/tasks", { data: { kind: "project_plan", prompt }, headers: fromSite }), 202),
    );
  }

  async cancel(id: string): Promise<void> {
    await ok(this.#request.post(`/api/v1/tasks/${id}/cancel`, { headers: fromSite }), 202);
  }

  async task(id: string): Promise<Task> {
    return json(ok(this.#request.get(`/api/v1/tasks/${id}`), 200));
  }

  /** Passes when the task has ended, whoever watches. */
  async finished(id: string, within = 60_000): Promise<Task> {
    await expect
      .poll(async () => (await this.task(id)).finished_at, { timeout: within, message: "the task has ended" })
      .not.toBeNull();
    return this.task(id);
  }
}

async function ok(answer: Promise<APIResponse>, status: number): Promise<APIResponse> {
  const response = await answer;
  expect(response.status(), `${response.url()}: ${await response.text()}`).toBe(status);
  return response;
}

async function json(answer: Promise<APIResponse>): Promise<Task> {
  return (await answer).json();
}
