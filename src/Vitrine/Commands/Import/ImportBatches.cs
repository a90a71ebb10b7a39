using System.Text;
using System.Text.Json;
using Vitrine.Events;

namespace Vitrine.Commands.Import;

/// <summary>Elements that go in one request.</summary>
internal sealed record ImportBatch(IReadOnlyList<ImportElement> Elements, byte[] Body);

/// <summary>Puts elements together into bodies within the contract's limits.</summary>
internal static class ImportBatches
{
    private static ReadOnlySpan<byte> Head => "{\"elements\":["u8;

    private static ReadOnlySpan<byte> Tail => "]}"u8;

    /// <summary>The bodies, in the order of the elements.</summary>
    public static IEnumerable<ImportBatch> Of(IEnumerable<ImportElement> elements)
    {
        var batch = new List<ImportElement>();
        var body = new MemoryStream();
        foreach (var element in elements)
        {
            var json = Encoding.UTF8.GetBytes(element.Json.ToJsonString(JsonSerializerOptions.Default));
            if (batch.Count == EventsRules.MaximumElements
                || (batch.Count > 0 && body.Length + json.Length + Tail.Length + 1 > EventsRules.MaximumBodyBytes))
            {
                yield return Close(batch, body);
                (batch, body) = ([], new MemoryStream());
            }

            body.Write(batch.Count == 0 ? Head : ","u8);
            body.Write(json);
            batch.Add(element);
        }

        if (batch.Count > 0)
        {
            yield return Close(batch, body);
        }
    }

    private static ImportBatch Close(List<ImportElement> batch, MemoryStream body)
    {
        body.Write(Tail);
        return new ImportBatch(batch, body.ToArray());
    }
}
