/** One line of the monitor's own bill. */
export interface MonitorCostItem {
  readonly item: string;
  readonly quantity: number;
  readonly unit: string;
  readonly usdPerMonth: number;
  /** If nothing else in the account uses up what is free each month. */
  readonly usdAfterFreeTier: number;
  /** Whether it grows with the fleet. */
  readonly grows: boolean;
}

interface Quantity {
  readonly item: string;
  readonly quantity: number;
  readonly unit: string;
  readonly usdPerUnit: number;
  readonly free?: number;
  readonly grows?: boolean;
}

/** So many units a month, each at a price, of which some are free. */
export function priced({
  item,
  quantity,
  unit,
  usdPerUnit,
  free = 0,
  grows = false,
}: Quantity): MonitorCostItem {
  return {
    item,
    quantity,
    unit,
    grows,
    usdPerMonth: quantity * usdPerUnit,
    usdAfterFreeTier: Math.max(0, quantity - free) * usdPerUnit,
  };
}
