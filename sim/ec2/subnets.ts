/** Addresses per subnet: a /20, less the five that AWS keeps. */
const addressesPerSubnet = 4096;
const reservedAtStart = 4;
const reservedAtEnd = 1;

/** The subnets of the one VPC, `10.0.0.0/16`: a /20 in each availability zone, made when first used. */
export class Subnets {
  readonly #zones: string[] = [];
  readonly #next: number[] = [];
  readonly #inUse = new Set<string>();

  /** The id of the zone's subnet; the same in every world. */
  subnetId(availabilityZone: string): string {
    return `subnet-${(this.#index(availabilityZone) + 1).toString(16).padStart(17, '0')}`;
  }

  /** Takes a free IPv4 address of the zone's subnet: the next, so that freed ones come round again last, or the lowest. */
  take(availabilityZone: string, lowest = false): string {
    const index = this.#index(availabilityZone);
    if (lowest) {
      this.#next[index] = 0;
    }
    const usable = addressesPerSubnet - reservedAtStart - reservedAtEnd;
    for (let tries = 0; tries < usable; tries++) {
      const next = this.#next[index] ?? 0;
      this.#next[index] = (next + 1) % usable;
      const host = index * addressesPerSubnet + reservedAtStart + next;
      const address = `10.0.${host >> 8}.${host & 255}`;
      if (!this.#inUse.has(address)) {
        this.#inUse.add(address);
        return address;
      }
    }
    throw new RangeError(
      `Cannot launch in "${availabilityZone}": its subnet has no free address: ${usable} are in use`,
    );
  }

  /** Takes the address given, as a launch with a fixed private address does. */
  takeFixed(address: string): string {
    if (this.#inUse.has(address)) {
      throw new RangeError(`Cannot launch with address "${address}": it is in use`);
    }
    this.#inUse.add(address);
    return address;
  }

  free(address: string): void {
    this.#inUse.delete(address);
  }

  #index(availabilityZone: string): number {
    const known = this.#zones.indexOf(availabilityZone);
    return known >= 0 ? known : this.#zones.push(availabilityZone) - 1;
  }
}
