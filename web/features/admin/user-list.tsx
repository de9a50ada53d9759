"use client";

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";

import { Pages } from "@/components/pages";
import { QueryState } from "@/components/query-state";
import { pathWith } from "@/lib/params";

import { type UsersAsked, usersQuery } from "./queries";
import { UserRow } from "./user-row";

/** One page of users, the newest first. */
export function UserList({ asked }: { asked: UsersAsked }) {
  const query = useQuery(usersQuery(asked));
  const [said, setSaid] = useState("");
  const { cursor, query: search } = asked;
  const older = (next: string) => pathWith("/admin/users", { query: search, cursor: next });
  return (
    <div className="grid gap-6">
      <p role="status" className="sr-only">
        {said}
      </p>
      <QueryState query={query} reading="Reading the users…" failed="The users can't be read right now.">
        {({ items, next_cursor: next }) => (
          <>
            {items.length === 0 ? (
              <p className="rounded-xl border border-dashed border-line px-6 py-8 text-center text-ink-2">
                {search === "" ? "No more users." : `Nobody is found by “${search}”.`}
              </p>
            ) : (
              <ul className="divide-y divide-line border-y border-line">
                {items.map((user) => (
                  <li key={user.id}>
                    <UserRow user={user} onDone={setSaid} />
                  </li>
                ))}
              </ul>
            )}
            <Pages
              label="Pages of users"
              newest={cursor === "" ? null : pathWith("/admin/users", { query: search })}
              older={next === null ? null : older(next)}
            />
          </>
        )}
      </QueryState>
    </div>
  );
}
