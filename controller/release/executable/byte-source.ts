/** The bytes of a file, a few at a time: an artifact may be larger than memory, and its headers may lie. */
export interface ByteSource {
  /** Bytes of the file in all. */
  readonly size: number;
  /** The bytes from `offset` on, at most `length`; fewer where the file ends. Both are whole and not negative. */
  read(offset: number, length: number): Uint8Array;
}

/** A header says something that its file cannot hold. */
export class BrokenHeader extends Error {
  constructor(what: string) {
    super(what);
    this.name = "BrokenHeader";
  }
}

/** Most that one field of a header may make its reader read. */
const MOST_BYTES_AT_ONCE = 1024 * 1024;

/**
 * Numbers and names at offsets that are counted from the start of one block of a file.
 *
 * @throws BrokenHeader for whatever lies outside of it
 */
export class Block {
  private readonly view: DataView;
  private readonly littleEndian: boolean;

  constructor(bytes: Uint8Array, littleEndian: boolean) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.littleEndian = littleEndian;
  }

  get length(): number {
    return this.view.byteLength;
  }

  u8(offset: number): number {
    return this.view.getUint8(this.within(offset, 1));
  }

  u16(offset: number): number {
    return this.view.getUint16(this.within(offset, 2), this.littleEndian);
  }

  u32(offset: number): number {
    return this.view.getUint32(this.within(offset, 4), this.littleEndian);
  }

  /** A number beyond 2^53 is no offset of any file. */
  u64(offset: number): number {
    const value = Number(this.view.getBigUint64(this.within(offset, 8), this.littleEndian));
    if (!Number.isSafeInteger(value)) throw new BrokenHeader(`an offset of ${value} bytes`);
    return value;
  }

  /** ASCII up to the next NUL, at most 255 characters; what is not printable becomes `?`. */
  name(offset: number): string {
    let text = "";
    for (let at = this.within(offset, 0); at < this.length && text.length < 255; at++) {
      const code = this.view.getUint8(at);
      if (code === 0) break;
      text += code >= 0x20 && code < 0x7f ? String.fromCharCode(code) : "?";
    }
    return text;
  }

  private within(offset: number, length: number): number {
    if (offset < 0 || offset + length > this.length) throw new BrokenHeader("a header breaks off");
    return offset;
  }
}

/**
 * One block of a file, which has to be there as a whole.
 *
 * @throws BrokenHeader
 */
export function readBlock(
  source: ByteSource,
  offset: number,
  length: number,
  options: { readonly littleEndian: boolean },
): Block {
  if (length > MOST_BYTES_AT_ONCE) throw new BrokenHeader(`a header of ${length} bytes`);
  if (offset < 0 || length < 0 || offset + length > source.size) {
    throw new BrokenHeader("a header points beyond the end of the file");
  }
  const bytes = source.read(offset, length);
  if (bytes.length < length) throw new BrokenHeader("the file breaks off");
  return new Block(bytes, options.littleEndian);
}
