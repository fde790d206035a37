import { ConfigurationError } from '../../contract/configuration-error.ts';
import { FolderStore } from './folder-store.ts';
import { S3Store, readS3Place } from './s3-store.ts';
import type { Store } from './store.ts';

/** Opens `s3://bucket/prefix` or a folder. Throws a ConfigurationError; `flag` is named in it. */
export function openStore(place: string, flag: string): Store {
  if (place.startsWith('s3://')) return new S3Store(readS3Place(place, flag), process.env);
  if (/^[A-Za-z][\w+.-]*:\/\//.test(place) || place.trim() === '')
    throw new ConfigurationError(`${flag} is neither a folder nor s3://bucket/prefix`);
  return new FolderStore(place, flag);
}
