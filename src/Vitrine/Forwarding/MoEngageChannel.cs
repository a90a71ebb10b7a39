using System.Buffers;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Vitrine.Journal.Records;
using Vitrine.Workspaces;

namespace Vitrine.Forwarding;

/// <summary>The vendor's own protocol: what we take is what we send.</summary>
internal sealed class MoEngageChannel : IChannel
{
    private const int MostElements = 100;
    private const int MostActions = 100;
    private const int MostBytes = 1 << 20;
    private const int MostDataBytes = 128 * 1024;

    private readonly MoEngageTarget _target;
    private readonly HttpSender _sender;
    private readonly AuthenticationHeaderValue _credentials;
    private readonly AuthenticationHeaderValue _dataCredentials;
    private readonly Uri _events;
    private readonly Uri _goals;
    private readonly Uri _customers;

    public MoEngageChannel(MoEngageTarget target, HttpSender sender)
    {
        (_target, _sender) = (target, sender);
        (_credentials, _dataCredentials) = (Basic(target.Key), Basic(target.DataKey));
        var (url, data) = (Root(target.Url), Root(target.DataUrl));
        _events = new Uri(url + "/v1/experiences/events");
        _goals = new Uri($"{data}/v1/event/{Uri.EscapeDataString(target.Workspace)}");
        _customers = new Uri($"{data}/v1/customer/{Uri.EscapeDataString(target.Workspace)}");
    }

    /// <inheritdoc/>
    public int Take(ArraySegment<ForwardedItem> items)
    {
        var first = items[0];
        if (first.Kind == ItemKind.Profile)
        {
            return 1;
        }

        var (limit, bytes, elements, actions) = (first.IsOfExperience ? MostBytes : MostDataBytes, 256, 0, 0);
        for (var count = 0; count < items.Count; count++)
        {
            var (item, before) = (items[count], count == 0 ? null : items[count - 1]);
            if (before is null || StartsElement(before, item) || actions == MostActions)
            {
                (elements, actions) = (elements + 1, 0);
            }

            actions++;
            bytes += item.Bytes;
            var isOther = item.IsOfExperience != first.IsOfExperience || item.Kind == ItemKind.Profile
                || (_target.KeepsRecordsTogether && item.Position != first.Position)
                || (first.Kind == ItemKind.Goal ? elements > 1 : elements > MostElements);
            if (count > 0 && (isOther || bytes > limit))
            {
                return count;
            }
        }

        return items.Count;
    }

    /// <inheritdoc/>
    public Task<Delivery> SendAsync(IReadOnlyList<ForwardedItem> items, CancellationToken cancellation) => items[0].Kind switch
    {
        ItemKind.Profile => SendAsync(RequestFamily.Customers, Profile(items[0]), cancellation),
        ItemKind.Goal => SendAsync(RequestFamily.Goals, Goals(items), cancellation),
        _ => SendAsync(RequestFamily.Events, Events(items), cancellation),
    };

    /// <summary>Sends a body as it is.</summary>
    public async Task<Delivery> SendAsync(RequestFamily family, byte[] body, CancellationToken cancellation)
    {
        var isEvents = family == RequestFamily.Events;
        using var request = new HttpRequestMessage(HttpMethod.Post, isEvents ? _events : family == RequestFamily.Goals ? _goals : _customers) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Authorization = isEvents ? _credentials : _dataCredentials;
        request.Headers.Add("MOE-APPKEY", _target.Workspace);
        return await _sender.SendAsync(request, cancellation);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _sender.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>Whether an item begins a new element behind another: the next customer, or attributes that are set, or another offset.</summary>
    private static bool StartsElement(ForwardedItem before, ForwardedItem item) =>
        !item.UserAttributes.IsEmpty || item.CustomerId != before.CustomerId || item.TimezoneOffset != before.TimezoneOffset;

    private static byte[] Events(IReadOnlyList<ForwardedItem> items) => Written(writer =>
    {
        writer.WriteStartArray("elements");
        for (int index = 0, actions = 0; index < items.Count; index++, actions++)
        {
            var item = items[index];
            if (index == 0 || StartsElement(items[index - 1], item) || actions == MostActions)
            {
                if (index > 0)
                {
                    EndElement(writer);
                }

                StartElement(writer, item);
                actions = 0;
            }

            writer.WriteRawValue(item.Content.Span, skipInputValidation: true);
        }

        EndElement(writer);
        writer.WriteEndArray();
    });

    private static void StartElement(Utf8JsonWriter writer, ForwardedItem item)
    {
        writer.WriteStartObject();
        writer.WriteString("customer_id", item.CustomerId);
        if (item.TimezoneOffset is { } offset)
        {
            writer.WriteNumber("user_timezone_offset", offset);
        }

        if (!item.UserAttributes.IsEmpty)
        {
            writer.WritePropertyName("user_attributes");
            writer.WriteRawValue(item.UserAttributes.Span, skipInputValidation: true);
        }

        writer.WriteStartArray("actions");
    }

    private static void EndElement(Utf8JsonWriter writer)
    {
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static byte[] Goals(IReadOnlyList<ForwardedItem> items) => Written(writer =>
    {
        writer.WriteString("type", "event");
        writer.WriteString("customer_id", items[0].CustomerId);
        writer.WriteStartArray("actions");
        foreach (var item in items)
        {
            writer.WriteRawValue(item.Content.Span, skipInputValidation: true);
        }

        writer.WriteEndArray();
    });

    private static byte[] Profile(ForwardedItem item) => Written(writer =>
    {
        writer.WriteString("type", "customer");
        writer.WriteString("customer_id", item.CustomerId);
        writer.WritePropertyName("attributes");
        writer.WriteRawValue(item.Content.Span, skipInputValidation: true);
    });

    private static byte[] Written(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using var writer = new Utf8JsonWriter(buffer, RecordJson.Options);
        writer.WriteStartObject();
        write(writer);
        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    private AuthenticationHeaderValue Basic(string key) => new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{_target.Workspace}:{key}")));

    private static string Root(Uri url)
    {
        var root = url.AbsoluteUri.TrimEnd('/');
        return root.EndsWith("/v1", StringComparison.Ordinal) ? root[..^3] : root;
    }
}
