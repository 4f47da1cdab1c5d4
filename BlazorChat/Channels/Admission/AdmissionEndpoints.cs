namespace BlazorChat.Channels.Admission;

internal enum AdmissionKind
{
    /// <summary>A socket, a stream, a hub connection or a circuit: pages open it with their visitor's cookie, so its origin is checked.</summary>
    Connection,

    /// <summary>One request of a program: an upload, a post to the API.</summary>
    Request,
}

internal static class AdmissionEndpoints
{
    /// <summary>Has <see cref="AdmissionControl"/> admit what comes to an endpoint.</summary>
    public static TBuilder Admit<TBuilder>(this TBuilder endpoint, AdmissionKind kind)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new Admitted(kind));

    /// <inheritdoc cref="Admit{TBuilder}"/>
    public static void Admit(this EndpointBuilder endpoint, AdmissionKind kind) => endpoint.Metadata.Add(new Admitted(kind));

    /// <summary>After routing, and before sign-in, which costs more than a refusal.</summary>
    public static void UseAdmission(this IApplicationBuilder app)
    {
        var control = app.ApplicationServices.GetRequiredService<AdmissionControl>();
        app.Use((context, next) => context.GetEndpoint()?.Metadata.GetMetadata<Admitted>() is { } admitted
            ? control.ServeAsync(context, admitted.Kind, next)
            : next(context));
    }

    private sealed record Admitted(AdmissionKind Kind);
}
