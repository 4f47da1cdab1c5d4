using BlazorChat.Attachments.Storage;
using BlazorChat.Attachments.Thumbnails;
using NetVips;

namespace BlazorChat.Attachments.Logo;

/// <summary>A square picture that is made from the logo.</summary>
/// <param name="Name">In its address.</param>
/// <param name="Size">Pixels of a side.</param>
/// <param name="IsOpaque">Whether it fills its square with white; others are transparent beside the logo.</param>
/// <param name="Share">Of the square that the logo fills: systems cut maskable icons into circles.</param>
internal sealed record LogoIcon(string Name, int Size, bool IsOpaque = false, double Share = 1)
{
    /// <summary>The share of a maskable icon that no system cuts off: https://www.w3.org/TR/appmanifest/#icon-masks, within its circle.</summary>
    private const double SafeShare = 0.56;

    public static readonly IReadOnlyList<LogoIcon> All =
    [
        new("64", 64),
        new("192", 192),
        new("512", 512),
        new("maskable-192", 192, IsOpaque: true, SafeShare),
        new("maskable-512", 512, IsOpaque: true, SafeShare),
        new("apple-touch", 180, IsOpaque: true, 0.86),
    ];

    public string Variant => $"logo-{Name}.png";

    public static LogoIcon? Find(string name) => All.FirstOrDefault(icon => icon.Name == name);
}

/// <summary>Makes the icons of a logo, one picture at a time on a node, and stores them beside it.</summary>
internal sealed class LogoIcons(IAttachmentStore store, DecodingMemory memory) : IDisposable
{
    private readonly SemaphoreSlim _making = new(1);

    /// <summary>Opens an icon; makes it when its file is missing.</summary>
    /// <returns>Null when the picture is not stored.</returns>
    public async Task<Stream?> OpenAsync(byte[] hash, LogoIcon icon, CancellationToken cancellationToken)
    {
        if (store.OpenRead(hash, icon.Variant) is { } known)
            return known;
        await MakeAsync(hash, [icon], cancellationToken);
        return store.OpenRead(hash, icon.Variant);
    }

    /// <summary>Makes all icons of a stored picture.</summary>
    /// <exception cref="VipsException">It cannot be decoded.</exception>
    public Task MakeAllAsync(byte[] hash, CancellationToken cancellationToken) => MakeAsync(hash, LogoIcon.All, cancellationToken);

    public void Dispose() => _making.Dispose();

    private async Task MakeAsync(byte[] hash, IReadOnlyList<LogoIcon> icons, CancellationToken cancellationToken)
    {
        await _making.WaitAsync(cancellationToken);
        try
        {
            foreach (var icon in icons)
            {
                await using var content = store.OpenRead(hash);
                if (content is null)
                    return;
                if (Pictures.ReadHeader(content) is not { } header || !header.CanBeDecoded(memory.Capacity))
                    throw new VipsException("The logo cannot be decoded.");
                content.Position = 0;
                using var held = await memory.EnterAsync(header.Memory, cancellationToken);
                var png = await Task.Run(() => Pictures.MakeIcon(content, icon.Size, icon.Share, icon.IsOpaque), cancellationToken);
                await store.WriteVariantAsync(hash, icon.Variant, png, cancellationToken);
            }
        }
        finally
        {
            _making.Release();
        }
    }
}
