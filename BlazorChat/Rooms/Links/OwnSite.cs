namespace BlazorChat.Rooms.Links;

/// <summary>The address at which people reach this site, <c>Shell:PublicUrl</c>.</summary>
internal sealed class OwnSite(IConfiguration configuration)
{
    private readonly Uri? _address = Uri.TryCreate(configuration["Shell:PublicUrl"], UriKind.Absolute, out var address) ? address : null;

    /// <summary>Whether an address is of this site, by either scheme.</summary>
    public bool Has(Uri address) =>
        _address is not null
        && string.Equals(address.IdnHost, _address.IdnHost, StringComparison.OrdinalIgnoreCase)
        && (address.Port == _address.Port || address.IsDefaultPort);
}
