/**
 * The first nsys that came with each CUDA version, from the release notes of the CUDA toolkits ("CUDA Toolkit Major Component
 * Versions"). An older one may not know the driver's profiling interface: its trace then holds no kernel at all.
 */
const FIRST_NSYS: readonly (readonly [cuda: string, nsys: string])[] = [
  ['11.8', '2022.4.2'],
  ['12.0', '2022.4.2'],
  ['12.1', '2023.1.2'],
  ['12.2', '2023.2.3'],
  ['12.3', '2023.3.3'],
  ['12.4', '2023.4.4'],
  ['12.5', '2024.2.3'],
  ['12.6', '2024.5.1'],
  ['12.8', '2024.6.2'],
  ['12.9', '2025.1.3'],
  ['13.0', '2025.3.2'],
];

const parts = (version: string) => version.split('.').map(Number);
/** Compares dotted versions part by part. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [parts(a), parts(b)];
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/**
 * Whether an nsys is too old for a driver.
 * @param cuda the CUDA version that the driver supports, such as '13.0'
 * @returns 'too-old': from before the driver's CUDA major version, whose trace would be empty; 'older': of the same major version,
 *   which CUDA's minor version compatibility covers
 */
export function driverSupport(nsys: string, cuda: string): 'fits' | 'older' | 'too-old' {
  const major = FIRST_NSYS.filter(([version]) => parts(version)[0] === parts(cuda)[0]);
  // Releases between two toolkits are counted by year and number: 2025.3.1 is the beta of 2025.3.2.
  const release = (version: string) => parts(version).slice(0, 2).join('.');
  const firstOfMajor = major[0]?.[1];
  if (firstOfMajor !== undefined && compareVersions(release(nsys), release(firstOfMajor)) < 0) return 'too-old';
  const needed = major.filter(([version]) => compareVersions(version, cuda) <= 0).at(-1)?.[1];
  return needed !== undefined && compareVersions(release(nsys), release(needed)) < 0 ? 'older' : 'fits';
}
