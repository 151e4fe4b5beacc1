export { TimeSeriesChart, type TimeSeriesChartProps } from './time-series-chart';
export type { ChartImage } from './save-image';
export type { ChartColor, Series, SeriesPoint } from './series';
export type { Unit } from './use-unit';
