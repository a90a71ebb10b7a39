using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Vitrine.Load;

/// <summary>The figures as Markdown, medians over the rounds.</summary>
internal static class Report
{
    /// <summary>Writes the tables.</summary>
    public static string Write(IReadOnlyList<Result> results, LoadOptions options)
    {
        var text = new StringBuilder();
        Line(text, $"{Environment.ProcessorCount} cores{Model()}, {RuntimeInformation.OSDescription}, .NET {Environment.Version}; wrk ({options.Threads} {(options.Threads == 1 ? "thread" : "threads")}) on the same machine; medians of {options.Rounds} rounds of {options.Seconds} s, no-op and events in turn.");
        Line(text, $"");
        Line(text, $"| load | no-op requests/s | events requests/s | ratio | no-op p50 / p99 (p99 as wrk corrects it) | events p50 / p99 (likewise) | events/s acknowledged | events/s projected | records behind at the end | seconds until none | not 2xx |");
        Line(text, $"|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|");
        foreach (var result in results)
        {
            var rounds = result.Rounds;
            var events = result.Scenario.Events;
            Line(text, $"| {result.Scenario.Title} | {Median(rounds, static round => round.NoOp.Wrk.Rate):N0} | {Median(rounds, static round => round.Events.Wrk.Rate):N0} | {Median(rounds, static round => round.Events.Wrk.Rate / round.NoOp.Wrk.Rate):N2} | {Latency(rounds, static round => round.NoOp)} | {Latency(rounds, static round => round.Events)} | {Median(rounds, static round => round.Events.Wrk.Rate) * events:N0} | {Median(rounds, round => round.Events.Records * events / round.Events.Settled.TotalSeconds):N0} | {Median(rounds, static round => round.Events.Lag):N0} | {Median(rounds, static round => round.Events.Settling.TotalSeconds):N2} | {rounds.Sum(static round => round.NoOp.Wrk.Refused + round.Events.Wrk.Refused)} |");
        }

        Line(text, $"");
        Line(text, $"| load | server µs/request, no-op | server µs/request, events | allocated bytes/request, no-op | allocated bytes/request, events | events accepted | events stored | uuid set bytes/event | managed heap bytes/event | journal bytes/event | DuckDB bytes/event |");
        Line(text, $"|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|");
        foreach (var result in results)
        {
            var (rounds, remains) = (result.Rounds, result.Remains);
            double stored = remains.Stored;
            Line(text, $"| {result.Scenario.Title} | {Median(rounds, static round => round.NoOp.ProcessorMicroseconds):N1} | {Median(rounds, static round => round.Events.ProcessorMicroseconds):N1} | {Median(rounds, static round => round.NoOp.AllocatedBytes):N0} | {Median(rounds, static round => round.Events.AllocatedBytes):N0} | {remains.Accepted:N0} | {remains.Stored:N0} | {remains.UuidBytes / stored:N1} | {remains.HeapBytes / stored:N1} | {remains.JournalBytes / stored:N1} | {remains.ProjectionBytes / stored:N1} |");
        }

        return text.ToString();
    }

    private static string Latency(IReadOnlyList<Round> rounds, Func<Round, Measurement> of) => string.Create(
        CultureInfo.InvariantCulture,
        $"{Median(rounds, round => of(round).Wrk.Latencies.Measured(50).TotalMilliseconds):N1} / {Median(rounds, round => of(round).Wrk.Latencies.Measured(99).TotalMilliseconds):N1} ms ({Median(rounds, round => of(round).Wrk.Latencies.Corrected(99).TotalMilliseconds):N1})");

    private static double Median(IReadOnlyList<Round> rounds, Func<Round, double> of)
    {
        var sorted = rounds.Select(of).Order().ToArray();
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    private static string Model()
    {
        const string file = "/proc/cpuinfo";
        var line = File.Exists(file)
            ? File.ReadLines(file).FirstOrDefault(static line => line.StartsWith("model name", StringComparison.Ordinal))
            : null;
        return line is null ? "" : $" ({line[(line.IndexOf(':') + 1)..].Trim()})";
    }

    private static void Line(StringBuilder text, FormattableString line) =>
        text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
}
