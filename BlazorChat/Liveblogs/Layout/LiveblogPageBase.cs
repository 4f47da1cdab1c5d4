using System.Security.Claims;
using BlazorChat.Liveblogs.Directory;
using Microsoft.AspNetCore.Components;

namespace BlazorChat.Liveblogs.Layout;

/// <summary>A page of liveblogs. It is static, and cached for anonymous readers where it has the policy of <see cref="LiveblogCache"/>.</summary>
[ExcludeFromInteractiveRouting]
[ReaderPage]
[Layout(typeof(LiveblogLayout))]
public abstract class LiveblogPageBase : ComponentBase
{
    [Inject]
    private protected LiveblogDirectory Directory { get; set; } = default!;

    [Inject]
    private protected NavigationManager Navigation { get; set; } = default!;

    [CascadingParameter]
    private protected HttpContext HttpContext { get; set; } = default!;

    private protected ClaimsPrincipal Reader => HttpContext.User;

    private protected CancellationToken Aborted => HttpContext.RequestAborted;

    /// <summary>The id before which older posts or liveblogs are shown; null on the first page.</summary>
    private protected int? Before => LiveblogCache.ReadBefore(HttpContext.Request.Query);
}
