/** One of everything on the wire, every field named: what Python renames, adds or removes doesn't compile here. */
import type { components } from "./schema";

type Schemas = components["schemas"];

/** Fields that may be left out are named too. */
type Complete<T> = T extends readonly (infer Item)[]
  ? Complete<Item>[]
  : T extends object
    ? { [Name in keyof T]-?: Complete<T[Name]> }
    : T;

type IsUnion<T, Whole = T> = T extends unknown ? ([Whole] extends [T] ? false : true) : never;

/** A union's fixture is one of each member, by its `type`. */
export type Fixture<T> =
  true extends IsUnion<T>
    ? { [Member in T as Member extends { type: infer Type extends string } ? Type : never]: Complete<Member> }
    : Complete<T>;

const id = "0198c0de-0000-7000-8000-000000000001";
const at = "2026-01-01T00:00:00Z";
const prompt = "A plan for a garden";

const taskError = { code: "upstream_cut", detail: "The answer broke off." } satisfies Fixture<Schemas["TaskError"]>;
const milestone = { title: "Spring", steps: ["Dig", "Sow"] } satisfies Fixture<Schemas["Milestone"]>;
const risk = { title: "Frost", mitigation: "Wait." } satisfies Fixture<Schemas["Risk"]>;
const choice = { name: "Compost", reason: "It feeds." } satisfies Fixture<Schemas["StackChoice"]>;
const plan = {
  title: "A garden",
  summary: "Beds, then seeds.",
  stack: [choice],
  milestones: [milestone],
  risks: [risk],
} satisfies Fixture<Schemas["Plan"]>;
const task = {
  id,
  kind: "project_plan",
  status: "failed",
  prompt,
  text: "Dig",
  result: plan,
  error: taskError,
  attempt: 1,
  created_at: at,
  started_at: at,
  finished_at: at,
} satisfies Fixture<Schemas["Task"]>;
const summary = {
  id,
  kind: "project_plan",
  status: "completed",
  prompt,
  result: plan,
  error: taskError,
  attempt: 1,
  created_at: at,
  started_at: at,
  finished_at: at,
} satisfies Fixture<Schemas["TaskSummary"]>;
const fieldError = { pointer: "/prompt", code: "missing", message: "Say what." } satisfies Fixture<
  Schemas["FieldError"]
>;

const heartbeat = { type: "heartbeat", at } satisfies Fixture<Schemas["Heartbeat"]>;
const snapshot = {
  type: "snapshot",
  task_id: id,
  status: "running",
  attempt: 1,
  progress: 0.5,
  text: "Dig",
} satisfies Fixture<Schemas["Snapshot"]>;
const token = { type: "token", offset: 3, text: " in" } satisfies Fixture<Schemas["Token"]>;
const taskUpdate = { type: "task_update", status: "queued", attempt: 2, progress: 0 } satisfies Fixture<
  Schemas["TaskUpdate"]
>;
const reset = { type: "reset", reason: "new_attempt" } satisfies Fixture<Schemas["Reset"]>;
const taskFinished = {
  type: "task_finished",
  status: "failed",
  length: 6,
  result: plan,
  error: taskError,
} satisfies Fixture<Schemas["TaskFinished"]>;
const taskMissing = { type: "task_missing", task_id: id } satisfies Fixture<Schemas["TaskMissing"]>;

const feedCreated = { type: "feed_created", task_id: id, status: "queued", attempt: 0 } satisfies Fixture<
  Schemas["FeedCreated"]
>;
const feedUpdated = { type: "feed_updated", task_id: id, status: "running", attempt: 1 } satisfies Fixture<
  Schemas["FeedUpdated"]
>;
const feedFinished = { type: "feed_finished", task_id: id, status: "cancelled", attempt: 1 } satisfies Fixture<
  Schemas["FeedFinished"]
>;
const feedDeleted = { type: "feed_deleted", task_id: id, status: "completed", attempt: 1 } satisfies Fixture<
  Schemas["FeedDeleted"]
>;
const feedReset = { type: "feed_reset" } satisfies Fixture<Schemas["FeedReset"]>;

const designDone = { type: "done", text_length: 3, result: plan } satisfies Fixture<Schemas["DesignDone"]>;
const designError = { type: "error", code: "timeout", detail: "Late." } satisfies Fixture<Schemas["DesignError"]>;

const welcome = { type: "welcome", connection_id: id, heartbeat_seconds: 10 } satisfies Fixture<Schemas["Welcome"]>;
const subscribed = { type: "subscribed", topic: "feed", cursor: "7" } satisfies Fixture<Schemas["Subscribed"]>;
const topicEvent = { type: "event", topic: "feed", cursor: "8", event: feedCreated } satisfies Fixture<
  Schemas["TopicEvent"]
>;
const unsubscribed = { type: "unsubscribed", topic: "feed" } satisfies Fixture<Schemas["Unsubscribed"]>;
const socketError = { type: "error", code: "not_found", detail: "It isn't there." } satisfies Fixture<
  Schemas["SocketError"]
>;
const subscribe = { type: "subscribe", topic: "feed", cursor: "7" } satisfies Fixture<Schemas["Subscribe"]>;
const unsubscribe = { type: "unsubscribe", topic: "feed" } satisfies Fixture<Schemas["Unsubscribe"]>;

const identity = {
  id,
  provider: "github",
  name: "GitHub",
  email: "ada@example.org",
  created_at: at,
  last_used_at: at,
} satisfies Fixture<Schemas["Identity"]>;

const states = { database: "ok", valkey: "down", migrations: "behind" } satisfies Fixture<Schemas["Checks"]>;

const apiKey = {
  id,
  name: "Nightly report",
  prefix: "slp_0123abcd",
  scopes: ["tasks:read"],
  created_at: at,
  expires_at: at,
  last_used_at: at,
} satisfies Fixture<Schemas["ApiKey"]>;
// Not spread from the one before: of what is spread, a field that is gone goes unnoticed.
const newApiKey = {
  id,
  name: "Nightly report",
  prefix: "slp_0123abcd",
  scopes: ["tasks:read"],
  created_at: at,
  expires_at: at,
  last_used_at: at,
  key: "shown once",
} satisfies Fixture<Schemas["NewApiKey"]>;
const auditEvent = {
  id,
  action: "sign_in_failed",
  actor_id: id,
  user_id: id,
  facts: { session: id },
  request_id: "r1",
  created_at: at,
  detail: { email: "ada@example.org", address: "203.0.113.7", user_agent: "Browser/1" },
} satisfies Fixture<Schemas["AuditEvent"]>;
const auditPerson = { id, email: "ada@example.org", name: "Ada" } satisfies Fixture<Schemas["AuditPerson"]>;
const adminUser = {
  id,
  email: "ada@example.org",
  name: "Ada",
  role: "admin",
  created_at: at,
  disabled_at: at,
  sessions: 2,
} satisfies Fixture<Schemas["AdminUser"]>;

const session = {
  id,
  created_at: at,
  last_used_at: at,
  expires_at: at,
  device: "Firefox on Linux",
  address: "203.0.113.7",
  current: true,
} satisfies Fixture<Schemas["Session"]>;

export const fixtures = {
  Address: { email: "ada@example.org" },
  AdminUser: adminUser,
  ApiKey: apiKey,
  ApiKeyCreate: { name: "Nightly report", scopes: ["tasks:read"], expires_at: at },
  ApiKeyList: { items: [apiKey] },
  AuditDetail: auditEvent.detail,
  AuditEvent: auditEvent,
  AuditPage: { items: [auditEvent], people: [auditPerson], next_cursor: "n" },
  AuditPerson: auditPerson,
  AuthOptions: {
    registration: "verified",
    password_reset: true,
    mails_url: "/api/v1/dev/mails",
    providers: [{ id: "github", name: "GitHub" }],
  },
  Checks: states,
  ClientMessage: { subscribe, unsubscribe },
  Credentials: { email: "ada@example.org", password: "a long enough one" },
  Design: { text: "Dig", result: plan },
  DesignCreate: { prompt },
  DesignDone: designDone,
  DesignError: designError,
  DesignEvent: { token, heartbeat, done: designDone, error: designError },
  EmailChange: { email: "ada@example.org", password: "a long enough one" },
  Erasure: { password: "a long enough one" },
  Export: { exported_at: at, data: { tasks: [{ id }] } },
  FeedCreated: feedCreated,
  FeedDeleted: feedDeleted,
  FeedEvent: {
    feed_created: feedCreated,
    feed_updated: feedUpdated,
    feed_finished: feedFinished,
    feed_deleted: feedDeleted,
    feed_reset: feedReset,
  },
  FeedFinished: feedFinished,
  FeedReset: feedReset,
  FeedUpdated: feedUpdated,
  FieldError: fieldError,
  Health: { status: "ok" },
  Heartbeat: heartbeat,
  Identity: identity,
  IdentityList: { items: [identity], has_password: true },
  LinkToken: { token: "t1" },
  MailSent: { email: "ada@example.org" },
  Milestone: milestone,
  NewApiKey: newApiKey,
  NewPasswordByLink: { token: "t1", password: "a long enough one" },
  PasswordChange: { current_password: "a long enough one", new_password: "another long one" },
  Plan: plan,
  ProblemDetails: {
    type: "about:blank",
    title: "The body is not what this call takes",
    status: 422,
    detail: "The body is not what this call takes.",
    code: "invalid_body",
    request_id: "r1",
    errors: [fieldError],
  },
  Profile: { name: "Ada" },
  Provider: { id: "github", name: "GitHub" },
  Ready: { checks: states },
  Registration: { email: "ada@example.org", password: "a long enough one", name: "Ada" },
  Reset: reset,
  Risk: risk,
  ServerMessage: { welcome, subscribed, event: topicEvent, unsubscribed, heartbeat, error: socketError },
  Session: session,
  SessionList: { items: [session] },
  Snapshot: snapshot,
  SocketError: socketError,
  StackChoice: choice,
  Subscribe: subscribe,
  Subscribed: subscribed,
  Task: task,
  TaskCreate: { prompt, kind: "project_plan" },
  TaskError: taskError,
  TaskEvent: {
    snapshot,
    token,
    task_update: taskUpdate,
    reset,
    task_finished: taskFinished,
    task_missing: taskMissing,
    heartbeat,
  },
  TaskFinished: taskFinished,
  TaskMissing: taskMissing,
  TaskPage: { items: [summary], next_cursor: "n" },
  TaskSummary: summary,
  TaskUpdate: taskUpdate,
  Token: token,
  TopicEvent: topicEvent,
  Unsubscribe: unsubscribe,
  Unsubscribed: unsubscribed,
  User: { id, email: "ada@example.org", name: "Ada", role: "user", created_at: at },
  UserPage: { items: [adminUser], next_cursor: "n" },
  UserUpdate: { role: "admin", disabled: true },
  Welcome: welcome,
} satisfies { [Name in keyof Schemas]: Fixture<Schemas[Name]> };
