using System.Globalization;

namespace Vitrine.ReportBench;

/// <summary>The times of one question: the first one, with nothing kept of it, and those after it.</summary>
internal sealed record Measurement(string Name, Asked Cold, IReadOnlyList<Asked> Warm, long PageBytes)
{
    /// <summary>The header of the table.</summary>
    public const string Header = """
        | question | cold ms (processor) | warm ms: min / median / max | warm processor ms, median | MB of pages |
        |---|--:|--:|--:|--:|
        """;

    /// <summary>Questions until the pages of a small part of many events are all made, which happens little by little.</summary>
    private const int UntilWarm = 4;

    /// <summary>Asks again and again.</summary>
    public static async Task<Measurement> TakeAsync(ReportServer server, string name, string path, int rounds)
    {
        var before = await server.PageBytesAsync();
        var cold = await server.AskAsync(path);
        var warm = new List<Asked>();
        for (var unmeasured = 0; unmeasured < UntilWarm; unmeasured++)
        {
            await server.AskAsync(path);
        }

        for (var round = 0; round < rounds; round++)
        {
            warm.Add(await server.AskAsync(path));
        }

        return warm.TrueForAll(again => again.Text == cold.Text)
            ? new Measurement(name, cold, warm, await server.PageBytesAsync() - before)
            : throw new InvalidOperationException($"{path} was not answered the same each time.");
    }

    /// <summary>A line of the table.</summary>
    public override string ToString()
    {
        var times = Warm.Select(static one => one.Time.TotalMilliseconds).Order().ToArray();
        var processor = Warm.Select(static one => one.Processor.TotalMilliseconds).Order().ToArray();
        return string.Create(
            CultureInfo.InvariantCulture,
            $"| {Name} | {Cold.Time.TotalMilliseconds:N0} ({Cold.Processor.TotalMilliseconds:N0}) | {times[0]:N0} / {times[times.Length / 2]:N0} / {times[^1]:N0} | {processor[processor.Length / 2]:N0} | {PageBytes / 1e6:N0} |");
    }
}
