using System.Security.Claims;
using Microsoft.AspNetCore.Components;

namespace BlazorChat.Common.Components;

/// <summary>A page that its request renders, without a circuit.</summary>
public abstract class StaticPage : ComponentBase
{
    [CascadingParameter]
    protected HttpContext HttpContext { get; set; } = default!;

    protected ClaimsPrincipal User => HttpContext.User;

    /// <summary>Is cancelled when the client has disconnected.</summary>
    protected CancellationToken Aborted => HttpContext.RequestAborted;
}
