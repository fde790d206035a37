const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'no such file or folder',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EISDIR: 'it is a folder',
  ENOTDIR: 'a part of the path is not a folder',
  EEXIST: 'it exists already',
  ENOSPC: 'no space left on the disk',
  EROFS: 'the file system is read-only',
  EDQUOT: 'the quota of the disk is used up',
};

/** What may be otherwise a moment later: a disk that is full, a process that has too much open. */
const PASSING: readonly string[] = ['ENOSPC', 'EDQUOT', 'EIO', 'EAGAIN', 'EMFILE', 'ENFILE', 'ENOMEM'];

/** Whether it is worth while to try again. */
export function mayPass(error: unknown): boolean {
  return error instanceof Error && 'code' in error && PASSING.includes(String(error.code));
}

/** What went wrong with a file, in a few words, without the path (the caller names it). */
export function describeFileError(error: unknown): string {
  if (!(error instanceof Error && 'code' in error)) return String(error);
  const code = String(error.code);
  return REASONS[code] ?? code;
}
