import type { ReactNode } from "react";

import { Area } from "@/components/area";
import { admin } from "@/features/admin/server";

const places = [
  { href: "/admin/users", name: "Users" },
  { href: "/admin/audit", name: "Audit log" },
];

export default async function AdminLayout({ children }: { children: ReactNode }) {
  await admin("/admin/users");
  return (
    <Area label="Admin" places={places}>
      {children}
    </Area>
  );
}
