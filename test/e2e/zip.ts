import { crc32 } from 'node:zlib';

const LOCAL_HEADER = 0x04034b50;
const CENTRAL_HEADER = 0x02014b50;
const END = 0x06054b50;
const VERSION = 20;
/** 1980-01-01, the first day that a zip can name. */
const DATE = 0x21;
/** Regular file, readable by all, where a Unix reads it: what Lambda wants of its files. */
const ATTRIBUTES = 0o100644 * 0x10000;

/** A zip archive of one file, stored and not compressed: a Lambda deployment package. */
export function zipOf(name: string, text: string): Uint8Array {
  const path = Buffer.from(name);
  const body = Buffer.from(text);
  const common = Buffer.alloc(26);
  common.writeUInt16LE(VERSION, 0);
  common.writeUInt16LE(DATE, 8);
  common.writeUInt32LE(crc32(body), 10);
  common.writeUInt32LE(body.length, 14);
  common.writeUInt32LE(body.length, 18);
  common.writeUInt16LE(path.length, 22);
  const local = Buffer.concat([uint32(LOCAL_HEADER), common, path, body]);
  const place = Buffer.alloc(14);
  place.writeUInt32LE(ATTRIBUTES, 6);
  const central = Buffer.concat([uint32(CENTRAL_HEADER), Buffer.from([VERSION, 3]), common, place, path]);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(1, 4);
  end.writeUInt16LE(1, 6);
  end.writeUInt32LE(central.length, 8);
  end.writeUInt32LE(local.length, 12);
  return Buffer.concat([local, central, uint32(END), end]);
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
