using BlazorChat.Common.Localization;

namespace BlazorChat.Common.Sites;

/// <summary>How the site presents itself, as this node knows it: pages, mails and the manifest read it without a query. Thread-safe.</summary>
internal sealed class CurrentSite
{
    private readonly Lock _gate = new();
    private volatile SiteView _view = new(0);

    /// <summary>Raised after a change, on any thread.</summary>
    public event Action? Changed;

    public SiteView View => _view;

    /// <summary>The name that people read.</summary>
    public string Name => _view.Name ?? CommonTexts.Get("AppName").ToString();

    /// <summary>Sets what was read from the database, unless something newer is known.</summary>
    public void Set(SiteView view)
    {
        lock (_gate)
        {
            if (view.Version <= _view.Version)
                return;
            _view = view;
        }

        Changed?.Invoke();
    }
}
