"use client";

import { useRouter } from "next/navigation";
import type { FormEvent } from "react";

import { text } from "@/components/form";
import { Button } from "@/components/ui/button";
import { inputClass } from "@/components/ui/field";
import { pathWith } from "@/lib/params";

/** The address holds what is searched for; without scripts the form goes there by itself. */
export function UserSearch({ query }: { query: string }) {
  const router = useRouter();

  function search(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    router.push(pathWith("/admin/users", { query: text(new FormData(event.currentTarget), "query").trim() }));
  }

  return (
    <form role="search" action="/admin/users" onSubmit={search} className="flex flex-wrap gap-2">
      <input
        key={query}
        type="search"
        name="query"
        defaultValue={query}
        aria-label="Search users"
        placeholder="How the name or the email begins"
        className={`${inputClass} h-9 min-w-0 flex-1 basis-60`}
      />
      <Button type="submit">Search</Button>
    </form>
  );
}
