import { api } from "../api/browser";
import { SharedSocket } from "./socket";

/** The one socket of this page. */
export const pageSocket = new SharedSocket({
  url: () => `${location.origin.replace(/^http/, "ws")}/ws/events`,
  // The question renews the session's token, if that was what the server didn't like.
  isSignedOut: async () => {
    try {
      const { response } = await api.GET("/api/v1/me");
      return response.status === 401 || response.status === 403;
    } catch {
      return false;
    }
  },
});
