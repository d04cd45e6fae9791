/** Small executables, built by hand: only as much of them as a reader looks at. */

/** Numbers and names put one after the other. */
class Bytes {
  readonly parts: Buffer[] = [];
  private readonly littleEndian: boolean;

  constructor(littleEndian: boolean) {
    this.littleEndian = littleEndian;
  }

  u8(...values: number[]): this {
    this.parts.push(Buffer.from(values));
    return this;
  }

  u16(...values: number[]): this {
    return this.each(values, 2);
  }

  u32(...values: number[]): this {
    return this.each(values, 4);
  }

  u64(...values: number[]): this {
    for (const value of values) {
      const buffer = Buffer.alloc(8);
      if (this.littleEndian) buffer.writeBigUInt64LE(BigInt(value));
      else buffer.writeBigUInt64BE(BigInt(value));
      this.parts.push(buffer);
    }
    return this;
  }

  padTo(length: number): this {
    this.parts.push(Buffer.alloc(length - this.length));
    return this;
  }

  get length(): number {
    return this.parts.reduce((sum, part) => sum + part.length, 0);
  }

  done(): Buffer {
    return Buffer.concat(this.parts);
  }

  private each(values: readonly number[], size: 2 | 4): this {
    for (const value of values) {
      const buffer = Buffer.alloc(size);
      if (this.littleEndian) buffer.writeUIntLE(value, 0, size);
      else buffer.writeUIntBE(value, 0, size);
      this.parts.push(buffer);
    }
    return this;
  }
}

export interface ElfSaid {
  readonly machine?: number;
  readonly is64?: boolean;
  readonly littleEndian?: boolean;
  readonly abi?: number;
  readonly interpreter?: string;
  readonly needed?: readonly string[];
  /** Symbol versions of `libc.so.6`; `weak ` in front makes one weak. */
  readonly versions?: readonly string[];
}

/** An ELF file without sections, as `sstrip` leaves it: one loaded segment holds everything. */
export function elfFile(said: ElfSaid = {}): Buffer {
  const { machine = 62, is64 = true, littleEndian = true, abi = 0, interpreter } = said;
  const { needed = [], versions = [] } = said;
  const word = is64 ? 8 : 4;
  const headerSize = is64 ? 64 : 52;
  const segmentSize = is64 ? 56 : 32;
  const base = 0x10000;

  let names = "\0";
  const nameAt = (name: string): number => {
    const at = names.length;
    names += `${name}\0`;
    return at;
  };
  const neededAt = needed.map(nameAt);
  const libraryAt = nameAt("libc.so.6");
  const versionsAt = versions.map((version) => ({
    weak: version.startsWith("weak "),
    at: nameAt(version.replace("weak ", "")),
  }));

  const isDynamic = needed.length > 0 || versions.length > 0;
  const count = 1 + (interpreter === undefined ? 0 : 1) + (isDynamic ? 1 : 0);
  const interpreterAt = headerSize + count * segmentSize;
  const namesOffset = interpreterAt + (interpreter === undefined ? 0 : interpreter.length + 1);
  const needOffset = namesOffset + names.length;
  const dynamicOffset = needOffset + (versions.length === 0 ? 0 : 16 + 16 * versions.length);

  const need = new Bytes(littleEndian);
  if (versions.length > 0) need.u16(1, versions.length).u32(libraryAt, 16, 0);
  for (const [index, { weak, at }] of versionsAt.entries()) {
    need
      .u32(0)
      .u16(weak ? 2 : 0, index + 2)
      .u32(at, index === versions.length - 1 ? 0 : 16);
  }

  const dynamic = new Bytes(littleEndian);
  const words = (...values: number[]): Bytes => (is64 ? dynamic.u64(...values) : dynamic.u32(...values));
  for (const at of neededAt) words(1, at);
  words(5, base + namesOffset, 10, names.length);
  if (versions.length > 0) words(0x6ffffffe, base + needOffset, 0x6fffffff, 1);
  words(0, 0);

  const size = dynamicOffset + dynamic.length;
  const out = new Bytes(littleEndian);
  out.u8(0x7f, 0x45, 0x4c, 0x46, is64 ? 2 : 1, littleEndian ? 1 : 2, 1, abi).padTo(16);
  out.u16(2, machine).u32(1);
  if (is64) out.u64(0, headerSize, 0);
  else out.u32(0, headerSize, 0);
  out.u32(0).u16(headerSize, segmentSize, count).padTo(headerSize);
  const segment = (type: number, offset: number, length: number): void => {
    if (is64) out.u32(type, 4).u64(offset, base + offset, 0, length, length, word);
    else out.u32(type, offset, base + offset, 0, length, length, 4, word);
  };
  segment(1, 0, size);
  if (interpreter !== undefined) segment(3, interpreterAt, interpreter.length + 1);
  if (isDynamic) segment(2, dynamicOffset, dynamic.length);
  if (interpreter !== undefined) out.parts.push(Buffer.from(`${interpreter}\0`));
  out.parts.push(Buffer.from(names, "latin1"), need.done(), dynamic.done());
  return out.done();
}

export interface MachOSaid {
  readonly processor: number;
  /** `LC_BUILD_VERSION` with its platform and minimum, or the older `LC_VERSION_MIN_MACOSX`. */
  readonly build?: { readonly platform: number; readonly minimum: number };
  readonly oldMinimum?: number;
}

export function machOFile({ processor, build, oldMinimum }: MachOSaid): Buffer {
  const commands = new Bytes(true);
  // LC_UUID comes before.
  commands.u32(0x1b, 24).padTo(24);
  if (build !== undefined) commands.u32(0x32, 24, build.platform, build.minimum, 0, 0);
  if (oldMinimum !== undefined) commands.u32(0x24, 16, oldMinimum, 0);
  const count = 1 + (build === undefined ? 0 : 1) + (oldMinimum === undefined ? 0 : 1);
  const out = new Bytes(true).u32(0xfeedfacf, processor, 0, 2, count, commands.length, 0, 0);
  return Buffer.concat([out.done(), commands.done()]);
}

/** A fat file of thin ones; `wide` with offsets of 64 bits. */
export function fatFile(files: readonly { processor: number; bytes: Buffer }[], wide = false): Buffer {
  const head = new Bytes(false).u32(wide ? 0xcafebabf : 0xcafebabe, files.length);
  let offset = 4096;
  const body: Buffer[] = [];
  for (const { processor, bytes } of files) {
    if (wide) head.u32(processor, 0).u64(offset, bytes.length).u32(0, 0);
    else head.u32(processor, 0, offset, bytes.length, 0);
    body.push(bytes);
    offset += bytes.length;
  }
  return Buffer.concat([head.padTo(4096).done(), ...body]);
}

export function peFile(machine: number, subsystem: readonly [major: number, minor: number]): Buffer {
  const out = new Bytes(true).u8(0x4d, 0x5a).padTo(0x3c).u32(0x80).padTo(0x80);
  out.u32(0x4550).u16(machine, 1).u32(0, 0, 0).u16(240, 0x22);
  const optional = new Bytes(true)
    .u16(0x20b)
    .padTo(40)
    .u16(10, 0, 0, 0, ...subsystem)
    .padTo(240);
  return Buffer.concat([out.done(), optional.done()]);
}
