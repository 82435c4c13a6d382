// BullMQ: bullmq.mjs worker | single N | bulk N | paced. Settings by environment: BENCH_REDIS, BENCH_CONCURRENCY.
import { createRequire } from "node:module";
import { enqueue } from "./enqueuing.mjs";
import { ran, reporting, save } from "./recorder.mjs";

const require = createRequire(`${process.env.BENCH_MODULES}/`);
const { Queue, Worker } = require("bullmq");
const connection = { path: process.env.BENCH_REDIS, maxRetriesPerRequest: null };
const job = (n) => ({ name: "noop", data: { n }, opts: { removeOnComplete: true } });

if (process.argv[2] === "worker") {
  reporting();
  const worker = new Worker("bench", async (job) => ran(job.data.n), {
    connection,
    concurrency: Number(process.env.BENCH_CONCURRENCY),
  });
  worker.on("error", (error) => console.error(error));
  process.on("SIGTERM", async () => {
    await worker.close();
    save();
    process.exit(0);
  });
} else {
  const queue = new Queue("bench", { connection });
  await queue.waitUntilReady();
  await enqueue(
    process.argv.slice(2),
    (n) => queue.add("noop", { n }, { removeOnComplete: true }),
    (numbers) => queue.addBulk(numbers.map(job)),
  );
  await queue.close();
}
