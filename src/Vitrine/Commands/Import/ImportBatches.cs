using System.Text;

namespace Vitrine.Commands.Import;

/// <summary>Elements that go in one request.</summary>
internal sealed record ImportBatch(IReadOnlyList<ImportElement> Elements, byte[] Body);

/// <summary>Puts elements together into bodies within the contract's limits.</summary>
internal static class ImportBatches
{
    private static ReadOnlySpan<byte> Tail => "]}"u8;

    /// <summary>The bodies, in the order of the elements.</summary>
    public static IEnumerable<ImportBatch> Of(ImportKind kind, IEnumerable<ImportElement> elements)
    {
        var batch = new List<ImportElement>();
        var body = new MemoryStream();
        var (head, weight) = ("", 0);
        foreach (var element in elements)
        {
            var (own, part) = (kind.Head(element), Encoding.UTF8.GetBytes(kind.Part(element)));
            if (batch.Count > 0
                && (own != head
                    || weight + kind.Weight(element) > kind.MaximumWeight
                    || body.Length + part.Length + Tail.Length + 1 > kind.MaximumBodyBytes))
            {
                yield return Close(batch, body);
                (batch, body, weight) = ([], new MemoryStream(), 0);
            }

            head = own;
            weight += kind.Weight(element);
            body.Write(batch.Count == 0 ? Encoding.UTF8.GetBytes(head) : ","u8);
            body.Write(part);
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
