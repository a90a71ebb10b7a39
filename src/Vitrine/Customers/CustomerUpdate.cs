using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Vitrine.Hosting;
using Vitrine.Journal.Records;

namespace Vitrine.Customers;

/// <summary>What a body of <c>POST /v1/customer/{workspaceId}</c> says. The last of repeated fields wins.</summary>
internal sealed class CustomerUpdate
{
    /// <summary>Bytes of a body after decompression.</summary>
    public const int MaximumBodyBytes = 128 * 1024;

    private const int MaximumErrors = 20;

    private readonly List<ApiFieldError> _errors = [];

    private CustomerUpdate()
    {
    }

    /// <summary>The customer, UTF-8.</summary>
    public byte[] CustomerId { get; private set; } = [];

    /// <summary>A JSON object, as it was sent; an empty one where none was.</summary>
    public byte[] Attributes { get; private set; } = [];

    /// <summary>Reads a body. Answers why it is refused, or null when it is good.</summary>
    public static ApiError? Read(ReadOnlySpan<byte> body, out CustomerUpdate update)
    {
        update = new CustomerUpdate();
        body = body.StartsWith("\uFEFF"u8) ? body[3..] : body;
        if (body.Trim(" \t\r\n"u8).IsEmpty)
        {
            return ApiError.EmptyBody;
        }

        if (!Utf8.IsValid(body))
        {
            return ApiError.MalformedJson;
        }

        try
        {
            var reader = new Utf8JsonReader(body);
            reader.Read();
            update.ReadRoot(ref reader, body);
            reader.Read(); // Throws when anything but white space follows.
        }
        catch (JsonException)
        {
            return ApiError.MalformedJson;
        }

        return update._errors.Count == 0 ? null : ApiError.InvalidFields(
            string.Join("; ", update._errors.Take(MaximumErrors).Select(static error => $"{error.Path} {error.Reason}".TrimStart())), update._errors);
    }

    private void ReadRoot(ref Utf8JsonReader reader, ReadOnlySpan<byte> body)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            Fail("", $"the body must be an object, not {JsonText.Describe(reader.TokenType)}");
            reader.Skip();
            return;
        }

        Value type = default, customer = default, attributes = default;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = Text(ref reader);
            reader.Read();
            switch (name)
            {
                case "type":
                    type = ReadValue(ref reader);
                    break;
                case "customer_id":
                    customer = ReadValue(ref reader);
                    break;
                case "attributes":
                    attributes = ReadValue(ref reader);
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        CheckType(type);
        CheckCustomerId(customer, body);
        CheckAttributes(attributes, body);
    }

    private void CheckType(Value type)
    {
        if (type.Text != "customer")
        {
            Fail("type", type.IsAbsent ? "is required: it must be \"customer\"" : "must be \"customer\"");
        }
    }

    private void CheckCustomerId(Value customer, ReadOnlySpan<byte> body)
    {
        CustomerId = customer.Kind == JsonTokenType.Number ? body[customer.Place].ToArray() : Encoding.UTF8.GetBytes(customer.Text ?? "");
        var why = customer.IsAbsent ? $"is required: the customer's id, a string of 2–{CustomerRules.MaximumIdBytes} bytes"
            : customer.Kind is not (JsonTokenType.String or JsonTokenType.Number) ? $"must be a string, not {JsonText.Describe(customer.Kind)}"
            : customer.Kind == JsonTokenType.String && customer.Text is null ? "is not Unicode text: it holds half of a surrogate pair"
            : CustomerRules.WhyNotId(CustomerId);
        if (why is not null)
        {
            Fail("customer_id", why);
        }
    }

    private void CheckAttributes(Value attributes, ReadOnlySpan<byte> body)
    {
        if (attributes.IsAbsent)
        {
            Attributes = "{}"u8.ToArray();
            return;
        }

        if (attributes.Kind != JsonTokenType.StartObject)
        {
            Fail("attributes", $"must be an object, not {JsonText.Describe(attributes.Kind)}");
            return;
        }

        Attributes = body[attributes.Place].ToArray();
        foreach (var (path, reason) in new CustomerAttributesCheck().Run(Attributes))
        {
            Fail("attributes" + path, reason);
        }
    }

    private void Fail(string path, string reason) => _errors.Add(new ApiFieldError(path, reason));

    private static Value ReadValue(ref Utf8JsonReader reader)
    {
        var (kind, start) = (reader.TokenType, (int)reader.TokenStartIndex);
        var text = kind == JsonTokenType.String ? Text(ref reader) : null;
        reader.Skip();
        return new Value(kind, start..(int)reader.BytesConsumed, text);
    }

    /// <summary>The text of a name or a string; null when it is no Unicode text.</summary>
    private static string? Text(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString();
        }
        catch (InvalidOperationException)
        {
            return null; // Half of a surrogate pair: valid JSON, no text.
        }
    }

    /// <summary>A value as it was read; <c>default</c> is a field that was not there.</summary>
    private readonly record struct Value(JsonTokenType Kind, Range Place, string? Text)
    {
        public bool IsAbsent => Kind is JsonTokenType.None or JsonTokenType.Null;
    }
}
