using System.Globalization;
using System.Text;

namespace Vitrine.Micro;

/// <summary>Bodies like those of the load: compact JSON, seven context fields, distinct uuids.</summary>
internal static class Bodies
{
    /// <summary>Unix milliseconds at which the bodies are received.</summary>
    public const long Now = 1_750_000_000_000;

    /// <summary>A body of some users with some events each.</summary>
    public static byte[] Make(int elements, int actions)
    {
        var text = new StringBuilder("{\"elements\":[");
        for (var element = 0; element < elements; element++)
        {
            text.Append(element > 0 ? "," : "").Append(CultureInfo.InvariantCulture, $"{{\"customer_id\":\"customer-{element:0000}\",\"user_timezone_offset\":19800,\"actions\":[");
            for (var action = 0; action < actions; action++)
            {
                var variation = (action % 3) + 1;
                text.Append(action > 0 ? "," : "").Append(
                    CultureInfo.InvariantCulture,
                    $"{{\"action\":\"MOE_PERSONALIZATION_MESSAGE_SHOWN\",\"moe_event_uuid\":\"{Guid.NewGuid()}\",\"event_time\":{Now / 1000},\"platform\":\"web\",\"attributes\":{{\"cid\":\"66d55ae445921e4d35ae4368_F_T_WP_AB_{variation}_P_0_AU_5A\",\"experience\":\"Spring offer banner\",\"moe_locale_id\":\"0\",\"moe_variation_id\":\"{variation}\",\"audience_name\":\"Returning visitors\",\"audience_id\":\"5A\",\"type\":\"Web Personalization\"}}}}");
            }

            text.Append("]}");
        }

        return Encoding.UTF8.GetBytes(text.Append("]}").ToString());
    }
}
