import { useSyncExternalStore } from "react";

const never = () => () => {};

/**
 * Whether scripts have taken over what the server rendered. A form that is sent before goes as the browser sends it: a
 * password would stand in the address, and from there in logs and in the history.
 */
export const useAwake = (): boolean =>
  useSyncExternalStore(
    never,
    () => true,
    () => false,
  );
