// A server of the journeys' own, which they may stop and start again: `emprise serve DATA` on one port.
import { spawn } from "node:child_process";

export async function serve(program, data, port = 0) {
  let child;
  let address;
  const start = async () => {
    child = spawn(program, ["serve", data, "--port", String(address ? new URL(address).port : port)], { stdio: ["ignore", "pipe", "ignore"] });
    address = await new Promise((resolve, reject) => {
      let said = "";
      child.stdout.on("data", (bytes) => {
        said += bytes;
        const [found] = /http:\/\/[^\s]+/.exec(said) ?? [];
        if (found) resolve(found.replace(/\/$/, ""));
      });
      child.on("exit", (code) => reject(new Error(`the server ended with ${code}`)));
    });
  };
  const stop = () =>
    new Promise((resolve) => {
      child.removeAllListeners("exit");
      child.on("exit", resolve);
      child.kill("SIGTERM");
    });
  await start();
  return { start, stop, get address() { return address; } };
}
