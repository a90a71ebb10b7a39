using MudBlazor;

namespace Vitrine.Dashboard.Layout;

/// <summary>Colours and letters: those of the system, and of <c>vitrine.css</c>, which has the rest.</summary>
internal static class VitrineTheme
{
    private static readonly string[] Fonts = ["system-ui", "-apple-system", "Segoe UI", "Roboto", "sans-serif"];

    /// <summary>The theme of all pages.</summary>
    public static MudTheme Theme { get; } = new()
    {
        PaletteLight = new PaletteLight { Primary = "#0072B2", Secondary = "#5b6470", Background = "#ffffff", Surface = "#ffffff", TextPrimary = "#16191d", TextSecondary = "#555d67" },
        PaletteDark = new PaletteDark { Primary = "#56B4E9", Secondary = "#a3adb8", Background = "#14171a", Surface = "#1c2024", TextPrimary = "#e8eaed", TextSecondary = "#a8b0b9" },
        Typography = new Typography { Default = new DefaultTypography { FontFamily = Fonts, FontSize = "14px" } },
        LayoutProperties = new LayoutProperties { DefaultBorderRadius = "4px" },
    };
}
