"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";

import { Ago } from "@/components/ago";
import { focusTitle } from "@/components/page-title";
import { QueryState } from "@/components/query-state";
import { Button } from "@/components/ui/button";
import { ConfirmButton } from "@/components/ui/confirm-button";
import { ProblemNotice } from "@/components/ui/problem-notice";
import { StateDot } from "@/components/ui/state-dot";
import type { Schema } from "@/lib/api/types";
import { day } from "@/lib/format";

import { endSessions, endSession } from "./mutations";
import { sessionsQuery } from "./queries";

type Session = Schema<"Session">;

export function SessionList() {
  const query = useQuery(sessionsQuery);
  return (
    <QueryState query={query} reading="Reading your sessions…" failed="Your sessions can't be read right now.">
      {({ items }) => <Sessions sessions={items} />}
    </QueryState>
  );
}

function Sessions({ sessions }: { sessions: readonly Session[] }) {
  const client = useQueryClient();
  const [said, setSaid] = useState("");
  const one = useMutation(endSession(client));
  const others = useMutation(endSessions(client));
  const ids = sessions.filter(({ current }) => !current).map(({ id }) => id);
  const problem = one.error ?? others.error;

  // The button that was pressed is gone with its row.
  function tell(words: string) {
    focusTitle();
    setSaid(words);
  }

  return (
    <div className="grid gap-6">
      <p role="status" className="sr-only">
        {said}
      </p>
      {problem && <ProblemNotice error={problem} />}
      <ul className="divide-y divide-line border-y border-line">
        {sessions.map((session) => (
          <li key={session.id} className="flex flex-wrap items-center justify-between gap-x-6 gap-y-3 py-4">
            <Description session={session} />
            {!session.current && (
              <Button
                disabled={one.isPending || others.isPending}
                onClick={() =>
                  one.mutate(session.id, { onSuccess: () => tell(`The session on ${session.device} has ended.`) })
                }
              >
                End<span className="sr-only"> the session on {session.device}</span>
              </Button>
            )}
          </li>
        ))}
      </ul>
      {ids.length > 0 && (
        <div>
          <ConfirmButton
            title="End all other sessions?"
            question="Every other device has to sign in again."
            keep="Keep them"
            confirm="End them"
            onConfirm={() => others.mutate(ids, { onSuccess: () => tell("All other sessions have ended.") })}
            disabled={one.isPending || others.isPending}
          >
            End all other sessions
          </ConfirmButton>
        </div>
      )}
    </div>
  );
}

function Description({ session }: { session: Session }) {
  return (
    <div className="grid min-w-0 gap-0.5">
      <p className="flex flex-wrap items-baseline gap-x-3">
        <span className="font-medium wrap-anywhere">{session.device}</span>
        {session.current && <StateDot tone="live">This session</StateDot>}
      </p>
      <p className="text-sm text-ink-3">
        {session.address !== "" && <span className="wrap-anywhere">{session.address} · </span>}
        last used <Ago time={session.last_used_at} className="" /> · since {day(session.created_at)}
      </p>
    </div>
  );
}
