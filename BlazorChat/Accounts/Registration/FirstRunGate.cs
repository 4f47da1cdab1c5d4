namespace BlazorChat.Accounts.Registration;

internal static class FirstRunGate
{
    public const string SetupPath = "/setup";

    /// <summary>Redirects every page to the setup while there is no account.</summary>
    public static void UseFirstRunGate(this WebApplication app) => app.Use(async (context, next) =>
    {
        var isPage = context.GetEndpoint()?.Metadata.GetMetadata<Microsoft.AspNetCore.Components.Endpoints.ComponentTypeMetadata>() is not null;
        if (!isPage || context.Request.Path == SetupPath)
        {
            await next(context);
            return;
        }

        var firstRun = context.RequestServices.GetRequiredService<FirstRun>();
        if (await firstRun.IsDoneAsync(context.RequestAborted))
            await next(context);
        else
            context.Response.Redirect(SetupPath);
    });
}
