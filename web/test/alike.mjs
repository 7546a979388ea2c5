// Are two pictures alike? Counted by a browser, which can read them.

/** The share of pixels of which a band differs by more than `apart` of 255; 1 where the sizes differ. */
export function differing(page, [known, picture], type, apart) {
  return page.evaluate(count, [[known, picture].map((bytes) => bytes.toString("base64")), type, apart]);
}

async function count([pictures, type, apart]) {
  const pixels = async (base64) => {
    const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
    const image = await createImageBitmap(new Blob([bytes], { type }));
    const context = new OffscreenCanvas(image.width, image.height).getContext("2d");
    context.drawImage(image, 0, 0);
    return context.getImageData(0, 0, image.width, image.height).data;
  };
  const [a, b] = await Promise.all(pictures.map(pixels));
  if (a.length !== b.length) return 1;
  let others = 0;
  for (let at = 0; at < a.length; at += 4) if ([0, 1, 2].some((band) => Math.abs(a[at + band] - b[at + band]) > apart)) others += 1;
  return others / (a.length / 4);
}

/** A picture in small, as the browser writes it. */
export async function shrunk(page, picture, width) {
  return Buffer.from(await page.evaluate(shrink, [picture.toString("base64"), width]), "base64");
}

async function shrink([base64, width]) {
  const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  const image = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
  const scale = Math.min(1, width / image.width);
  const canvas = new OffscreenCanvas(Math.round(image.width * scale), Math.round(image.height * scale));
  const context = canvas.getContext("2d");
  context.imageSmoothingQuality = "high";
  context.drawImage(image, 0, 0, canvas.width, canvas.height);
  const blob = await canvas.convertToBlob({ type: "image/jpeg", quality: 0.85 });
  return btoa(Array.from(new Uint8Array(await blob.arrayBuffer()), (byte) => String.fromCharCode(byte)).join(""));
}
