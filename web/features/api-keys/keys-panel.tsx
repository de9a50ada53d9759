"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";

import { focusTitle } from "@/components/page-title";

import { KeyForm } from "./key-form";
import { KeyList } from "./key-list";
import { NewKey } from "./new-key";
import { apiKeysQuery, type NewApiKey } from "./queries";

/** Making keys and revoking them. */
export function KeysPanel() {
  const client = useQueryClient();
  const [made, setMade] = useState<NewApiKey | null>(null);

  function take(key: NewApiKey) {
    setMade(key);
    void client.invalidateQueries(apiKeysQuery);
  }

  function putAway() {
    setMade(null);
    focusTitle();
  }

  return (
    <>
      <KeyList />
      <section aria-label="A new key" className="max-w-xl">
        {made ? (
          <NewKey made={made} onDone={putAway} />
        ) : (
          <div className="grid gap-4">
            <h2 className="text-lg">A new key</h2>
            <KeyForm onMade={take} />
          </div>
        )}
      </section>
    </>
  );
}
