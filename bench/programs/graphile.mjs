// graphile-worker: graphile.mjs install | worker | single N | bulk N | paced. Settings: BENCH_URL, BENCH_OPTIONS (JSON).
import { createRequire } from "node:module";
import { enqueue } from "./enqueuing.mjs";
import { ran, reporting, save } from "./recorder.mjs";

const require = createRequire(`${process.env.BENCH_MODULES}/`);
const { Logger, makeWorkerUtils, run, runMigrations } = require("graphile-worker");
const connectionString = process.env.BENCH_URL;
const logger = new Logger(() => (level, message) => (level === "error" ? console.error(message) : undefined));

if (process.argv[2] === "install") {
  await runMigrations({ connectionString, logger });
} else if (process.argv[2] === "worker") {
  reporting();
  const runner = await run({
    preset: { worker: { connectionString, logger, ...JSON.parse(process.env.BENCH_OPTIONS) } },
    logger,
    noHandleSignals: true,
    taskList: { noop: async (payload) => ran(payload.n) },
  });
  process.on("SIGTERM", async () => {
    await runner.stop();
    save();
    process.exit(0);
  });
} else {
  const utils = await makeWorkerUtils({ connectionString, logger });
  await enqueue(
    process.argv.slice(2),
    (n) => utils.addJob("noop", { n }),
    (numbers) => utils.addJobs(numbers.map((n) => ({ identifier: "noop", payload: { n } }))),
  );
  await utils.release();
}
