using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Vitrine.Journal;
using Vitrine.Journal.Records;

namespace Vitrine.Forwarding;

/// <summary>Signed requests, each with some events as a JSON array.</summary>
internal sealed class WebhookChannel(WebhookTarget target, HttpSender sender, TimeProvider time) : IChannel
{
    /// <summary>Seconds and signature.</summary>
    public const string SignatureHeader = "Vitrine-Signature";

    /// <summary>By which a repetition of the same delivery is told.</summary>
    public const string DeliveryHeader = "Vitrine-Delivery";

    private const int MostItems = 500;
    private const int MostBytes = 1 << 20;

    private readonly byte[] _secret = Encoding.UTF8.GetBytes(target.Secret);

    /// <inheritdoc/>
    public int Take(ArraySegment<ForwardedItem> items)
    {
        var bytes = 0;
        var most = Math.Min(items.Count, MostItems);
        for (var count = 0; count < most; count++)
        {
            bytes += items[count].Bytes + 256;
            if (bytes > MostBytes && count > 0)
            {
                return count;
            }
        }

        return most;
    }

    /// <inheritdoc/>
    public async Task<Delivery> SendAsync(IReadOnlyList<ForwardedItem> items, CancellationToken cancellation)
    {
        var body = Body(items);
        using var request = new HttpRequestMessage(HttpMethod.Post, target.Url) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Add(SignatureHeader, Signature(_secret, time.GetUtcNow().ToUnixTimeSeconds(), body));
        request.Headers.Add(DeliveryHeader, DeliveryId(items));
        return await sender.SendAsync(request, cancellation);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        sender.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary><c>t=…,v1=…</c>: the HMAC-SHA256 of the seconds, a full stop and the body.</summary>
    internal static string Signature(byte[] secret, long seconds, ReadOnlySpan<byte> body)
    {
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, secret);
        hash.AppendData(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{seconds}.")));
        hash.AppendData(body);
        return string.Create(CultureInfo.InvariantCulture, $"t={seconds},v1={Convert.ToHexStringLower(hash.GetHashAndReset())}");
    }

    private byte[] Body(IReadOnlyList<ForwardedItem> items)
    {
        var body = new ByteWriter(items.Sum(static one => one.Bytes + 256));
        body.WriteRaw(Encoding.UTF8.GetBytes($$"""{"target":"{{target.Name}}","events":["""));
        for (var index = 0; index < items.Count; index++)
        {
            body.WriteRaw(index == 0 ? default : ","u8);
            body.WriteRaw(ItemJson.Write(target.Environment, items[index]));
        }

        body.WriteRaw("]}"u8);
        return body.Written.ToArray();
    }

    private string DeliveryId(IReadOnlyList<ForwardedItem> items) =>
        Uuids.Format(Uuids.OfText(items.Aggregate(new StringBuilder("vitrine delivery\n" + target.Name), static (text, one) => text.Append('\n').Append(Uuids.Format(one.Uuid))).ToString()));
}
