using System.Net;
using BlazorChat.Common.Net;
using BlazorChat.Rooms.Links;
using Microsoft.Extensions.Options;

namespace BlazorChat.Rooms.Previews.Fetching;

/// <summary>What another site has answered, as far as it was read.</summary>
/// <param name="Address">Where it was found after all redirects.</param>
/// <param name="ContentType">In lower case, without parameters; empty for none.</param>
/// <param name="Charset">The encoding that the header names; null for none.</param>
internal sealed record FetchedContent(Uri Address, string ContentType, string? Charset, byte[] Body);

/// <summary>
/// Reads pages and pictures of other sites. They decide what they send, so every address is checked at each redirect and connection, and time, redirects
/// and bytes are bounded. Nothing about the person who wrote a link is sent.
/// </summary>
internal sealed class PageClient : IDisposable
{
    /// <summary>The most redirects that are followed.</summary>
    internal const int MaxRedirects = 3;

    /// <summary>One host gets as many requests at once.</summary>
    internal const int MaxConnectionsPerHost = 2;

    /// <summary>Bytes of a page that are read after decompression.</summary>
    internal const int MaxPage = 512 * 1024;

    /// <summary>Bytes of the largest picture.</summary>
    internal const int MaxPicture = 5 * 1024 * 1024;

    private const int BufferSize = 16 * 1024;

    /// <summary>Bytes before the newest ones; a tag may be cut between two reads.</summary>
    private const int Overlap = 16;

    private readonly PublicHosts _hosts;
    private readonly OwnSite _ownSite;
    private readonly string _userAgent;
    private readonly HttpMessageInvoker _http;

    public PageClient(IOptions<LinkPreviewOptions> options, IConfiguration configuration)
    {
        _hosts = new PublicHosts(options.Value.ParseAllowedHosts());
        _ownSite = new OwnSite(configuration);
        _userAgent = options.Value.UserAgent is { Length: > 0 } name ? name : DefaultAgent(configuration["Shell:PublicUrl"]);
        _http = new HttpMessageInvoker(CreateHandler(_hosts));
    }

    /// <summary>Reads a page up to the end of its head, or its first <see cref="MaxPage"/> bytes. Of anything else it reads the type.</summary>
    /// <exception cref="FetchException">There is nothing that may be shown.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public Task<FetchedContent> ReadPageAsync(Uri address, CancellationToken cancellationToken) => ReadAsync(address, ReadPageAsync, cancellationToken);

    /// <summary>Reads a picture to its end.</summary>
    /// <exception cref="FetchException">There is none, or it is longer than <see cref="MaxPicture"/>.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public Task<FetchedContent> ReadPictureAsync(Uri address, CancellationToken cancellationToken) =>
        ReadAsync(address, ReadPictureAsync, cancellationToken);

    public void Dispose() => _http.Dispose();

    internal static bool IsPage(string contentType) => contentType is "text/html" or "application/xhtml+xml";

    private static async Task<byte[]> ReadPageAsync(string contentType, Stream body, CancellationToken cancellationToken) =>
        IsPage(contentType) ? await ReadAsync(body, MaxPage, PageText.EndsHead, cancellationToken) : [];

    private static async Task<byte[]> ReadPictureAsync(string contentType, Stream body, CancellationToken cancellationToken) =>
        await ReadAsync(body, MaxPicture + 1, isEnough: null, cancellationToken) is { Length: <= MaxPicture } picture
            ? picture
            : throw new FetchException("the picture is too long");

    private async Task<FetchedContent> ReadAsync(
        Uri address, Func<string, Stream, CancellationToken, Task<byte[]>> readBody, CancellationToken cancellationToken)
    {
        try
        {
            for (var redirects = 0; ; redirects++)
            {
                if (!_hosts.Allows(address))
                    throw new FetchException("the address is not public");
                if (_ownSite.Has(address))
                    throw new FetchException("the address is of this site");
                using var request = CreateRequest(address);
                using var response = await _http.SendAsync(request, cancellationToken);
                if (FindRedirect(response, address) is not { } next)
                    return await ReadAsync(response, address, readBody, cancellationToken);
                if (redirects == MaxRedirects)
                    throw new FetchException("there are too many redirects");
                address = next;
            }
        }
        catch (HttpRequestException exception)
        {
            throw exception.InnerException is PrivateHostException
                ? new FetchException("the host is not public")
                : new FetchException(exception.HttpRequestError.ToString(), mayPass: true);
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException)
        {
            // It was cut off, or is not compressed as it says.
            throw new FetchException(exception.GetType().Name, mayPass: true);
        }
    }

    private HttpRequestMessage CreateRequest(Uri address)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.TryAddWithoutValidation("User-Agent", _userAgent);
        request.Headers.TryAddWithoutValidation("Accept", "text/html,application/xhtml+xml,image/*;q=0.9,*/*;q=0.1");
        return request;
    }

    private static Uri? FindRedirect(HttpResponseMessage response, Uri address)
    {
        if (response.StatusCode is not (HttpStatusCode.MovedPermanently or HttpStatusCode.Found or HttpStatusCode.SeeOther
            or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect))
            return null;
        return response.Headers.Location is { } location && Uri.TryCreate(address, location, out var next)
            ? next
            : throw new FetchException("the redirect has no address");
    }

    private static async Task<FetchedContent> ReadAsync(
        HttpResponseMessage response, Uri address, Func<string, Stream, CancellationToken, Task<byte[]>> readBody, CancellationToken cancellationToken)
    {
        var status = (int)response.StatusCode;
        if (status is < 200 or >= 300)
            throw new FetchException($"status {status}", mayPass: status is 408 or 429 or >= 500);
        if (response.Headers.TryGetValues("X-Robots-Tag", out var robots) && robots.Any(PageHead.ForbidsPreviews))
            throw new FetchException("the site asks for no previews");
        var type = response.Content.Headers.ContentType;
        var name = type?.MediaType?.ToLowerInvariant() ?? "";
        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        return new FetchedContent(address, name, type?.CharSet, await readBody(name, body, cancellationToken));
    }

    /// <param name="isEnough">Whether the newest bytes, with some before them, end what is needed; null to read to the end.</param>
    private static async Task<byte[]> ReadAsync(
        Stream body, int maxLength, Func<ReadOnlyMemory<byte>, bool>? isEnough, CancellationToken cancellationToken)
    {
        using var content = new MemoryStream();
        var buffer = new byte[BufferSize];
        while (content.Length < maxLength)
        {
            var read = await body.ReadAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, maxLength - content.Length)), cancellationToken);
            if (read == 0)
                break;
            content.Write(buffer, 0, read);
            var newest = Math.Max(0, (int)content.Length - read - Overlap);
            if (isEnough?.Invoke(content.GetBuffer().AsMemory(newest, (int)content.Length - newest)) == true)
                break;
        }

        return content.ToArray();
    }

    private static string DefaultAgent(string? publicUrl) =>
        Uri.TryCreate(publicUrl, UriKind.Absolute, out var site) ? $"BlazorChat (link previews; +{site.GetLeftPart(UriPartial.Authority)})" : "BlazorChat (link previews)";

    private static SocketsHttpHandler CreateHandler(PublicHosts hosts) => new()
    {
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.All,
        UseCookies = false,
        // A proxy of the environment would connect to any address.
        UseProxy = false,
        ConnectCallback = (context, cancellationToken) => hosts.ConnectAsync(context.DnsEndPoint, cancellationToken),
        MaxConnectionsPerServer = MaxConnectionsPerHost,
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(10),
        PooledConnectionLifetime = TimeSpan.FromMinutes(1),
        MaxResponseDrainSize = 0,
        MaxResponseHeadersLength = 64,
        // Tracing writes addresses.
        ActivityHeadersPropagator = null,
    };
}

/// <summary>A link gets no preview.</summary>
/// <param name="reason">For the log: no address.</param>
/// <param name="mayPass">Whether a later lookup may find something.</param>
internal sealed class FetchException(string reason, bool mayPass = false) : Exception(reason)
{
    public bool MayPass { get; } = mayPass;
}
