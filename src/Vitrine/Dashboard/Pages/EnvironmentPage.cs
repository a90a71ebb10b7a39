using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;
using NodaTime;
using NodaTime.Extensions;
using Vitrine.Dashboard.Layout;
using Vitrine.Reports;
using Vitrine.Workspaces;

namespace Vitrine.Dashboard.Pages;

/// <summary>A page about an environment, whose address says what it shows.</summary>
/// <remarks>
/// All members run on the page's own connection, one at a time. What is loaded for an address that is left meanwhile is
/// cancelled, and its outcome forgotten.
/// </remarks>
public abstract class EnvironmentPage : ComponentBase, IDisposable
{
    private readonly Latest _load = new();
    private string? _asked;
    private string _ownPath = "";
    private string? _shown;

    /// <summary>The environment that the address names.</summary>
    [Parameter]
    public string EnvironmentId { get; set; } = "";

    [Inject]
    internal ICatalog Catalog { get; set; } = default!;

    [Inject]
    internal NavigationManager Navigation { get; set; } = default!;

    [Inject]
    internal TimeProvider Time { get; set; } = default!;

    /// <summary>The environment; null when there is none of that name.</summary>
    protected WorkspaceEnvironment? Environment { get; private set; }

    /// <summary>Whether figures are on their way.</summary>
    protected bool IsLoading { get; private set; } = true;

    /// <summary>Why the figures that were asked for cannot be shown; null when they can.</summary>
    protected Exception? Obstacle { get; private set; }

    internal View View { get; private set; } = new();

    internal DateTimeZone Zone => View.Zone(Environment!.Workspace.TimeZone);

    internal Instant Now => Time.GetUtcNow().ToInstant();

    internal ReportRange Range => View.Range(Zone, Now);

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Ends what is on its way.</summary>
    protected virtual void Dispose(bool disposing)
    {
        Navigation.LocationChanged -= Moved;
        _load.Dispose();
    }

    /// <inheritdoc/>
    protected override void OnInitialized() => Navigation.LocationChanged += Moved;

    /// <inheritdoc/>
    protected override Task OnParametersSetAsync()
    {
        _ownPath = new Uri(Navigation.Uri).AbsolutePath; // The same page may show another environment next.
        return ShowAsync();
    }

    /// <summary>Loads what the page shows.</summary>
    protected abstract Task LoadAsync(CancellationToken cancellation);

    /// <summary>Shows the same page with another view.</summary>
    internal void Show(View view)
    {
        view = view.Sound();
        // The browser says a moment later that it has gone there; whatever is chosen until then is chosen on top of this.
        View = view;
        _asked = Navigation.GetUriWithQueryParameters(view.Parameters().ToDictionary(static one => one.Key, static one => (object?)one.Value));
        Navigation.NavigateTo(_asked, replace: true);
    }

    /// <summary>The address of another page of the environment, with the same view.</summary>
    internal string Address(string page) => View.Address(EnvironmentAddress.To(EnvironmentId, page));

    /// <summary>Loads anew.</summary>
    protected async Task ShowAsync()
    {
        _shown = Navigation.Uri;
        var stop = await _load.BeginAsync();
        if (stop.IsCancellationRequested)
        {
            return;
        }

        Environment = Catalog.Current.Find(EnvironmentId);
        View = View.Of(Navigation.Uri);
        if (Environment is null)
        {
            return;
        }

        IsLoading = true;
        Obstacle = null;
        try
        {
            await LoadAsync(stop);
            IsLoading = false;
        }
        catch (Exception) when (stop.IsCancellationRequested)
        {
            // Somebody looks at something else by now.
        }
        catch (Exception fault) when (Fault.IsExpected(fault))
        {
            Obstacle = fault; // Said below the bar, with which something else can be asked.
        }
    }

    private void Moved(object? sender, LocationChangedEventArgs moved)
    {
        if (_asked is not null && _asked != moved.Location)
        {
            return; // Overtaken: another view was asked for since.
        }

        _asked = null;
        if (moved.Location == _shown)
        {
            return; // Another environment's page, which is shown already.
        }

        if (new Uri(moved.Location).AbsolutePath == new Uri(Navigation.BaseUri).AbsolutePath.TrimEnd('/') + _ownPath)
        {
            _ = InvokeAsync(async () =>
            {
                try
                {
                    await ShowAsync();
                    StateHasChanged();
                }
                catch (Exception fault)
                {
                    await DispatchExceptionAsync(fault);
                }
            });
        }
    }

}
