import { type QueryClient, mutationOptions } from "@tanstack/react-query";

import { unwrap } from "@/lib/api/problem";

import { cutNetwork } from "./network";
import { back, gone, killed, type PartName } from "./parts";
import { changePart, plugApi } from "./queries";

const CUT_MS = 3_000;

/** Kills a part, or takes the page's network away for a moment. */
export const pullMutation = (client: QueryClient) =>
  mutationOptions({
    networkMode: "always",
    mutationFn: async (name: PartName) => {
      if (name === "network") {
        changePart(client, name, (part) => gone(part, Date.now()));
        await cutNetwork(CUT_MS);
        return changePart(client, name, (part) => back(part, Date.now()));
      }
      const { pid } = await unwrap(plugApi.POST("/api/v1/plug/{part}/kill", { params: { path: { part: name } } }));
      changePart(client, name, (part) => killed(part, pid, Date.now()));
    },
  });
