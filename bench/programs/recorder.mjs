// What a worker notes: see recorder.py. The file is written when the worker ends.
import fs from "node:fs";

const size = Number(process.env.BENCH_SIZE);
const pipe = Number(process.env.BENCH_PIPE);
const isEchoing = process.env.BENCH_ECHO === "1";
const strange = new Float64Array(1);
const starts = new Float64Array(size);
const counts = new Uint8Array(size);
let gate = Number(process.env.BENCH_GATE ?? "-1");
let done = 0;
let told = -1;
let quiet = 0;

export const now = () => Number(process.hrtime.bigint()) / 1e9;

function tell(line) {
  try {
    fs.writeSync(pipe, line);
  } catch (error) {
    if (error.code !== "EAGAIN") process.exit(3); // nobody listens any more: the benchmark was killed
  }
}

export function ran(number) {
  if (gate >= 0) {
    tell("gate 0\n");
    fs.readSync(gate, Buffer.alloc(1));
    gate = -1;
  }
  if (number >= 0 && number < size) {
    if (counts[number] === 0) starts[number] = now();
    if (counts[number] < 255) counts[number] += 1;
  } else {
    strange[0] += 1;
  }
  done += 1;
  if (isEchoing) tell(`ran ${number}\n`);
}

export function save() {
  fs.writeFileSync(process.env.BENCH_RECORD, Buffer.concat([strange, starts, counts].map((a) => Buffer.from(a.buffer))));
}

export function reporting() {
  save();
  setInterval(() => {
    quiet += 20;
    if (done !== told || quiet > 1000) {
      tell(`done ${done}\n`);
      told = done;
      quiet = 0;
    }
  }, 20).unref();
}
