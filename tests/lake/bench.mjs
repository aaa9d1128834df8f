// SPDX-License-Identifier: GPL-3.0-or-later
// DuckDB writes the table that bench-lake has written: processor time of one thread, and the size of the file.
//
// usage: node bench.mjs READERS DIRECTORY
import { createRequire } from 'node:module';
import { statSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

const [readers, directory] = process.argv.slice(2);
const { DuckDBInstance } = await import(pathToFileURL(createRequire(readers + '/').resolve('@duckdb/node-api')));
const duck = await (await DuckDBInstance.create(':memory:', { threads: '1' })).connect();
await duck.run("SET TimeZone = 'UTC'");
await duck.run(`CREATE TABLE t AS SELECT * FROM read_parquet('${directory}/bench.parquet')`);
const rows = Number((await duck.runAndReadAll('SELECT count(*) FROM t')).getRows()[0][0]);
let best = Infinity;
for (let round = 0; round < 3; round++) {
  const before = process.cpuUsage();
  await duck.run(`COPY t TO '${directory}/duck.parquet' (FORMAT parquet, COMPRESSION zstd)`);
  const { user, system } = process.cpuUsage(before);
  best = Math.min(best, user + system);
}
const [ours, theirs] = ['bench', 'duck'].map((name) => statSync(`${directory}/${name}.parquet`).size);
console.log(`DuckDB writes the same: ${rows} rows ${theirs} bytes ${best} us ${Math.round(1e6 * rows / best)} rows/s; our file beside its: ${(ours / theirs).toFixed(3)}`);
