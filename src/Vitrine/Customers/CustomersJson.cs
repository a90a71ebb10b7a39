using System.Text.Json;
using System.Text.Json.Serialization;

namespace Vitrine.Customers;

/// <summary>The serialised shapes of this folder.</summary>
[JsonSerializable(typeof(CustomerUpdateAnswer))]
[JsonSerializable(typeof(CustomerAnswer))]
internal sealed partial class CustomersJson : JsonSerializerContext
{
    /// <summary>Leaves quotation marks and letters beyond ASCII readable.</summary>
    public static CustomersJson Readable { get; } = new(new JsonSerializerOptions
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
