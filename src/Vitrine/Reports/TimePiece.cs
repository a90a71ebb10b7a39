namespace Vitrine.Reports;

/// <summary>A stretch of time that lies within one bucket, all of it at one offset from UTC.</summary>
/// <param name="Bucket">The bucket's number.</param>
/// <param name="Start">The beginning in Unix seconds.</param>
/// <param name="End">The end, which does not belong to it.</param>
internal readonly record struct TimePiece(long Bucket, long Start, long End);
