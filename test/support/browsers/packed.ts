import AdmZip from 'adm-zip';

/** The bytes of a built extension as a package. */
export function packedBytes(folder: string): number {
  const zip = new AdmZip();
  zip.addLocalFolder(folder);
  return zip.toBuffer().length;
}
