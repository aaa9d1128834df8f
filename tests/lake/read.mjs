// SPDX-License-Identifier: GPL-3.0-or-later
// What readers of other houses make of a Parquet file: DuckDB, arrow-rs (as parquet-wasm) and hyparquet. Prints one JSON object of
// what was looked at, or ends with what is wrong.
//
// usage: node read.mjs READERS compare FILE.parquet FILE.csv
//        node read.mjs READERS query SQL
// READERS: the directory in which the packages of package.json were installed
import { createRequire } from 'node:module';
import { readFileSync, statSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

const [readers, what, ...words] = process.argv.slice(2);
const from = createRequire(readers + '/');
const load = (name) => import(pathToFileURL(from.resolve(name)));

function expect(good, text) {
  if (!good) {
    console.error('read.mjs: ' + text);
    process.exit(1);
  }
}

// DuckDB, one thread, UTC
const { DuckDBInstance } = await load('@duckdb/node-api');
const duck = await (await DuckDBInstance.create(':memory:', { threads: '1' })).connect();
await duck.run("SET TimeZone = 'UTC'");
const rows = async (sql) => (await duck.runAndReadAll(sql)).getRows();
const value = async (sql) => (await rows(sql))[0][0];
const text = (value) => `'${String(value).replaceAll("'", "''")}'`;
const name = (column) => `"${column.replaceAll('"', '""')}"`;
const plain = (value) => JSON.stringify(value, (_, each) => (typeof each === 'bigint' ? Number(each) : each));

async function compareRows(parquet, csv) {
  const columns = (await rows(`DESCRIBE SELECT * FROM read_parquet(${text(parquet)})`)).map(([column, type]) => ({ column, type }));
  const types = columns.map(({ column, type }) => `${text(column)}: ${text(type)}`).join(', ');
  // Into tables of its own, which have no statistics of ours.
  await duck.run(`CREATE TABLE pq AS SELECT * FROM read_parquet(${text(parquet)})`);
  await duck.run(`CREATE TABLE tx AS SELECT * FROM read_csv(${text(csv)}, header = true, auto_detect = false, delim = ',', quote = '"',
                  escape = '"', columns = {${types}}, nullstr = '', allow_quoted_nulls = false, max_line_size = 20000000)`);
  for (const [one, other] of [['pq', 'tx'], ['tx', 'pq']]) {
    const left = await rows(`SELECT * FROM ${one} EXCEPT ALL SELECT * FROM ${other} LIMIT 3`);
    expect(left.length === 0, `rows are in ${one} and not in ${other}: ${plain(left).slice(0, 2000)}`);
  }
  return columns;
}

// With statistics and without, each comparison at each bound has as many rows.
async function checkPruning(parquet, columns) {
  let looked = 0;
  for (const { column, type } of columns) {
    const bounds = await rows(`SELECT CAST(v AS VARCHAR) FROM (SELECT min(${name(column)}) AS v FROM tx UNION ALL SELECT max(${name(column)}) FROM tx
                               UNION ALL (SELECT ${name(column)} FROM tx WHERE ${name(column)} IS NOT NULL ORDER BY hash(${name(column)}) LIMIT 6))
                               WHERE v IS NOT NULL`);
    for (const [bound] of bounds)
      for (const operator of ['=', '<', '>=']) {
        const where = `WHERE ${name(column)} ${operator} CAST(${text(bound)} AS ${type})`;
        const [file, table] = [await value(`SELECT count(*) FROM read_parquet(${text(parquet)}) ${where}`), await value(`SELECT count(*) FROM tx ${where}`)];
        expect(file === table, `${where}: ${file} rows with statistics, ${table} without`);
        looked++;
      }
  }
  return looked;
}

async function checkFooter(parquet, columns) {
  const size = statSync(parquet).size, bytes = readFileSync(parquet);
  const footer = bytes.readUInt32LE(size - 8);
  const [chunks, packed] = (await rows(`SELECT count(*), coalesce(sum(total_compressed_size), 0) FROM parquet_metadata(${text(parquet)})`))[0];
  const [count, groups] = (await rows(`SELECT num_rows, num_row_groups FROM parquet_file_metadata(${text(parquet)})`))[0];
  expect(Number(packed) + footer + 12 === size, `${packed} bytes of columns and a footer of ${footer} are no file of ${size}`);
  expect(Number(chunks) === Number(groups) * columns.length, `${chunks} chunks in ${groups} row groups of ${columns.length} columns`);
  const notes = (await rows(`SELECT decode(key), decode(value) FROM parquet_kv_metadata(${text(parquet)})`)).map((row) => row.join('='));
  const kinds = (await rows(`SELECT logical_type, converted_type FROM parquet_schema(${text(parquet)}) WHERE num_children IS NULL`)).map(String);
  return { rows: Number(count), groups: Number(groups), notes, kinds: [...new Set(kinds)].sort() };
}

async function nullCounts(columns) {
  const counts = columns.length ? (await rows(`SELECT ${columns.map(({ column }) => `count(*) - count(${name(column)})`).join(', ')} FROM tx`))[0] : [];
  return counts.map(Number);
}

async function checkArrow(parquet, columns, count, nulls) {
  const { readParquet } = await load('parquet-wasm'), { tableFromIPC } = await load('apache-arrow');
  const table = tableFromIPC(readParquet(readFileSync(parquet)).intoIPCStream());
  expect(table.numRows === count, `arrow-rs: ${table.numRows} rows of ${count}`);
  columns.forEach(({ column }, i) => {
    const child = table.getChild(column);
    expect(count === 0 || child.nullCount === nulls[i], `arrow-rs: ${column}: ${child?.nullCount} nulls of ${nulls[i]}`);
  });
  return [...new Set(table.schema.fields.map((field) => String(field.type)))].sort();
}

async function checkHyparquet(parquet, columns, count, nulls) {
  const { parquetReadObjects, parquetMetadataAsync } = await load('hyparquet'), { compressors } = await load('hyparquet-compressors');
  const bytes = readFileSync(parquet);
  const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length);
  expect(Number((await parquetMetadataAsync(file)).num_rows) === count, 'hyparquet: the footer has another count');
  const objects = count ? await parquetReadObjects({ file, compressors }) : [];
  expect(objects.length === count, `hyparquet: ${objects.length} rows of ${count}`);
  columns.forEach(({ column }, i) => {
    const found = objects.filter((row) => row[column] === null || row[column] === undefined).length;
    expect(found === nulls[i], `hyparquet: ${column}: ${found} nulls of ${nulls[i]}`);
  });
}

if (what === 'compare') {
  const [parquet, csv] = words;
  const columns = await compareRows(parquet, csv);
  const looked = await checkPruning(parquet, columns);
  const footer = await checkFooter(parquet, columns);
  const nulls = await nullCounts(columns);
  const arrow = await checkArrow(parquet, columns, footer.rows, nulls);
  await checkHyparquet(parquet, columns, footer.rows, nulls);
  console.log(plain({ ...footer, comparisons: looked, types: [...new Set(columns.map(({ type }) => type))].sort(), arrow }));
} else if (what === 'query') {
  for (const statement of words.slice(0, -1))
    await duck.run(statement);
  console.log(plain((await duck.runAndReadAll(words.at(-1))).getRowObjectsJson()));
} else {
  expect(false, 'compare or query');
}
