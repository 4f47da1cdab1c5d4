using BlazorChat.Accounts.Rights;
using Microsoft.AspNetCore.Components.Endpoints;

namespace BlazorChat.Accounts.Confirmation;

/// <summary>A page or endpoint that is there only for those who have lately proved who they are.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class RequiresConfirmationAttribute : Attribute;

internal static class ConfirmationGate
{
    private const string ConfirmPath = "/account/confirm";

    /// <summary>Sends people from a page with <see cref="RequiresConfirmationAttribute"/> to the page that asks who they are, and back.</summary>
    public static void UseConfirmationGate(this WebApplication app) => app.Use(async (context, next) =>
    {
        var metadata = context.GetEndpoint()?.Metadata;
        if (metadata?.GetMetadata<RequiresConfirmationAttribute>() is null
            || !context.User.IsSignedIn
            || await context.RequestServices.GetRequiredService<Confirmations>()
                .IsConfirmedAsync(context.User, HttpMethods.IsPost(context.Request.Method), context.RequestAborted))
        {
            await next(context);
        }
        else if (metadata.GetMetadata<ComponentTypeMetadata>() is not null)
        {
            context.Response.Redirect($"{ConfirmPath}{QueryString.Create("returnUrl", context.Request.Path.Value!)}");
        }
        else
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
        }
    });
}
