namespace Vitrine.Events;

/// <summary>The event that the first start and the documentation show.</summary>
internal static class ExampleEvent
{
    /// <summary>The experience that it is about.</summary>
    public const string ExperienceId = "66d55ae445921e4d35ae4368";

    /// <summary>A body that can be posted as it is.</summary>
    public const string Body =
        """{"elements":[{"customer_id":"ada@example.com","user_timezone_offset":19800,"actions":[{"action":"MOE_PERSONALIZATION_MESSAGE_SHOWN","moe_event_uuid":"aa886712-4537-47c1-b126-2686efda2e26","event_time":1725258666,"platform":"web","attributes":{"cid":"66d55ae445921e4d35ae4368_F_T_WP_AB_2_P_0_AU_5A","experience":"Homepage banner","moe_locale_id":"0","moe_variation_id":"2","audience_name":"All Users","audience_id":"5A","type":"Web Personalization"}}]}]}""";
}
