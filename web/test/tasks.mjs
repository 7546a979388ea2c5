// How long the page's own code holds the browser up, told from what the map does by itself: runs of one task after the other, as
// the browser's profiler samples them.

const STEP_US = 500;

/** Begins to look at a page; the result ends it and lists the runs, each with `own_ms` outside the map library, the longest first. */
export async function watchTasks(page) {
  const session = await page.context().newCDPSession(page);
  await session.send("Profiler.enable");
  await session.send("Profiler.setSamplingInterval", { interval: STEP_US });
  await session.send("Profiler.start");
  return async () => {
    const { profile } = await session.send("Profiler.stop");
    await session.detach();
    return runsOf(profile, await libraryOf(page));
  };
}

/** The file that holds the map library: the largest of the page's scripts. */
function libraryOf(page) {
  return page.evaluate(() => performance.getEntriesByType("resource").filter(({ name }) => /\/assets\/part-/.test(name)).sort((a, b) => b.decodedBodySize - a.decodedBodySize)[0].name);
}

function runsOf({ nodes, samples, timeDeltas }, library) {
  const known = new Map(nodes.map((node) => [node.id, node]));
  const parents = new Map(nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id])));
  const runs = [];
  let run;
  samples.forEach((sample, at) => {
    const stack = [];
    for (let id = sample; id !== undefined; id = parents.get(id)) stack.push(known.get(id).callFrame);
    if (stack[0].functionName === "(garbage collector)") return void (run && (run.whole_ms += timeDeltas[at] / 1000));
    const scripts = stack.filter(({ url }) => url.includes("/assets/"));
    // What a frame of the map or a message of its worker begins is the map's.
    if (scripts.length === 0 || scripts.at(-1).url === library) return void (run = undefined);
    if (!run) runs.push((run = { whole_ms: 0, own_ms: 0, of: scripts.at(-1).functionName, by: new Map() }));
    run.whole_ms += timeDeltas[at] / 1000;
    if (scripts[0].url === library) return;
    run.own_ms += timeDeltas[at] / 1000;
    const name = stack[0].functionName + ":" + stack[0].lineNumber + ":" + stack[0].columnNumber;
    run.by.set(name, (run.by.get(name) ?? 0) + timeDeltas[at] / 1000);
  });
  return runs.sort((a, b) => b.own_ms - a.own_ms);
}
