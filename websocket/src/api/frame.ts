const opcodes = { text: 0x1, binary: 0x2 } as const;

/**
 * A whole WebSocket frame as a server sends it (RFC 6455 §5.2: final, not compressed, not masked). It is built once for all
 * clients; ws would build one for each.
 */
export function encodeFrame(payload: string | Buffer, kind: keyof typeof opcodes = 'text'): Buffer {
  const body = typeof payload === 'string' ? Buffer.from(payload, 'utf8') : payload;
  const header = encodeHeader(0x80 | opcodes[kind], body.length);
  return Buffer.concat([header, body], header.length + body.length);
}

function encodeHeader(first: number, length: number): Buffer {
  if (length < 126) return Buffer.from([first, length]);
  if (length < 65_536) {
    const header = Buffer.from([first, 126, 0, 0]);
    header.writeUInt16BE(length, 2);
    return header;
  }
  const header = Buffer.alloc(10);
  header[0] = first;
  header[1] = 127;
  header.writeBigUInt64BE(BigInt(length), 2);
  return header;
}
