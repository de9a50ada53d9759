/** What the run is told by the environment, and what it tells the stack. */
function given(name: string, usual: number): number {
  const value = process.env[name] ? Number(process.env[name]) : usual;
  if (!Number.isFinite(value) || value < 0)
    throw new Error(`${name} has to be a number, but is "${process.env[name]}".`);
  return value;
}

export const settings = {
  runs: given("RUNS", 1),
  seed: given("SEED", Math.floor(Math.random() * 2 ** 31)),
  /** How long faults happen and tasks are made; then everything is let come to its end. */
  seconds: given("SECONDS", 60),
  /** Tasks that run at a time. */
  tasks: given("TASKS", 25),
  /** How many watch each of them, in the mean. */
  readers: given("READERS", 4),
  /** The mean time between two faults, in seconds. */
  pause: given("PAUSE", 2.5),
  /** Only these faults, as the report names them: "worker killed"; empty for all. */
  only: process.env["ONLY"] ?? "",
};

/** Fast tasks, limits out of the way, and whatever happens every few minutes every few seconds. */
export const environment = {
  OFFLINE_TOKENS_PER_SECOND: String(given("RATE", 60)),
  TASKS_RUNNING_PER_USER: "100000",
  TASKS_PER_DAY: "1000000",
  LIMIT_TASKS: "off",
  STREAMS_PER_USER: "100000",
  STREAM_ROTATE_AFTER: "15s",
  STREAM_BUFFER_BYTES: "16384",
};
