"use client";

import { useQuery } from "@tanstack/react-query";

import { AppLink } from "@/components/app-link";
import { Pages } from "@/components/pages";
import { QueryState } from "@/components/query-state";
import { moment } from "@/lib/format";
import { pathWith } from "@/lib/params";

import { ACTIONS, facts } from "./audit-words";
import { type AuditAsked, type AuditEvent, auditQuery } from "./queries";

/** Names by id. */
type People = ReadonlyMap<string, string>;

/** One page of the log, the newest first. */
export function AuditList({ asked }: { asked: AuditAsked }) {
  const query = useQuery(auditQuery(asked));
  const { user, action, cursor } = asked;
  return (
    <QueryState query={query} reading="Reading the log…" failed="The log can't be read right now.">
      {({ items, people, next_cursor: next }) => (
        <div className="grid gap-6">
          {items.length === 0 ? (
            <p className="rounded-xl border border-dashed border-line px-6 py-8 text-center text-ink-2">
              {user === "" && action === "" ? "No more rows." : "No row is like that."}
            </p>
          ) : (
            <ul className="divide-y divide-line border-y border-line">
              {items.map((event) => (
                <li key={event.id} className="py-3">
                  <Row event={event} people={new Map(people.map(({ id, name }) => [id, name]))} />
                </li>
              ))}
            </ul>
          )}
          <Pages
            label="Pages of the log"
            newest={cursor === "" ? null : pathWith("/admin/audit", { user, action })}
            older={next === null ? null : pathWith("/admin/audit", { user, action, cursor: next })}
          />
        </div>
      )}
    </QueryState>
  );
}

function Row({ event, people }: { event: AuditEvent; people: People }) {
  const { detail, user_id: user, actor_id: actor } = event;
  const more = facts(event.facts);
  return (
    <article className="grid gap-x-6 gap-y-1 sm:grid-cols-[9.5rem_minmax(0,1fr)] sm:items-baseline">
      <time dateTime={event.created_at} className="font-mono text-xs text-ink-3">
        {moment(event.created_at)}
      </time>
      <div className="grid min-w-0 gap-0.5">
        <p className="flex flex-wrap items-baseline gap-x-2">
          <span className="font-medium">{ACTIONS[event.action]}</span>
          <span className="text-sm text-ink-2">
            {user ? <Person id={user} people={people} /> : "no account"}
            {actor && actor !== user && (
              <>
                , by <Person id={actor} people={people} />
              </>
            )}
          </span>
        </p>
        {more !== "" && <p className="text-sm wrap-anywhere text-ink-2">{more}</p>}
        {detail && (
          <p className="truncate text-sm text-ink-3" title={detail.user_agent}>
            {[detail.email, detail.address, detail.user_agent].filter(Boolean).join(" · ")}
          </p>
        )}
      </div>
    </article>
  );
}

/** By name while there is an account, else by the id that the row has. Leads to what happened to them. */
function Person({ id, people }: { id: string; people: People }) {
  const name = people.get(id);
  return (
    <AppLink
      href={pathWith("/admin/audit", { user: id })}
      className={`wrap-anywhere underline decoration-line ${name === undefined ? "font-mono text-xs" : ""}`}
    >
      {name ?? id}
    </AppLink>
  );
}
