using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Vitrine.Tests.Support;

namespace Vitrine.Tests.Events;

/// <summary>Real impressions and clicks of a shop, which lie beside the repository and are not part of it.</summary>
public static class OpenBandit
{
    private static readonly string[] Policies = ["random", "bts"];

    /// <summary>The file; null where it is absent.</summary>
    public static string? File { get; } = Find();

    /// <summary>One shown event a row and one clicked event for a row that says so; their uuids derive from the row.</summary>
    public static IReadOnlyList<GeneratedEvent> Read() =>
        [.. System.IO.File.ReadLines(File!).Skip(1).SelectMany(static (line, row) => Events(line.Split(','), row))];

    private static IEnumerable<GeneratedEvent> Events(string[] fields, int row)
    {
        var time = DateTimeOffset.Parse(fields[0], CultureInfo.InvariantCulture).ToUnixTimeSeconds();
        var variation = Array.IndexOf(Policies, fields[2]).ToString(CultureInfo.InvariantCulture);
        var shown = new GeneratedEvent(
            Uuid(row, isClick: false), fields[6], false, "web", time, $"{fields[1]}_F_T_WP_AB_{variation}_P_0_L_{fields[4]}", variation, "everyone", fields[4], null);
        yield return shown;
        if (fields[5] == "1")
        {
            yield return shown with { Uuid = Uuid(row, isClick: true), IsClick = true, ClickTarget = fields[3] };
        }
    }

    private static Guid Uuid(int row, bool isClick) => new(SHA256.HashData(Encoding.ASCII.GetBytes($"{row} {isClick}")).AsSpan(0, 16));

    private static string? Find()
    {
        var shared = Environment.GetEnvironmentVariable("VITRINE_SHARED") ?? Repository.Path("..", "shared");
        var file = Path.Combine(shared, "data", "open-bandit", "impressions.csv");
        return System.IO.File.Exists(file) ? file : null;
    }
}
