using System.Globalization;
using System.Text.Json.Serialization;
using BlazorChat.Accounts.Rights;
using BlazorChat.Attachments.Files;
using BlazorChat.Attachments.Serving;
using BlazorChat.Attachments.Storage;
using BlazorChat.Attachments.Thumbnails;
using BlazorChat.Channels;
using BlazorChat.Channels.Admission;
using BlazorChat.Channels.Consumers;
using BlazorChat.Common;
using BlazorChat.Common.Localization;
using BlazorChat.Data.Entities;
using Microsoft.AspNetCore.Mvc;

namespace BlazorChat.Attachments.Uploads;

/// <summary>The answer to an upload: the stored attachment.</summary>
internal sealed record UploadReceipt(Guid Id, string Name, string ContentType, long Size, int Width, int Height, string Preview, bool IsPicture)
{
    public static UploadReceipt From(AttachmentView attachment) => new(
        attachment.Id,
        attachment.Name,
        attachment.ContentType,
        attachment.Size,
        attachment.Width,
        attachment.Height,
        attachment.Preview,
        attachment.IsPicture);
}

[JsonSerializable(typeof(UploadReceipt))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
internal sealed partial class UploadJson : JsonSerializerContext;

/// <summary>The endpoints for files: upload, discard and read. See docs/protocol.md.</summary>
internal static partial class AttachmentEndpoints
{
    public static void MapAttachmentFiles(this IEndpointRouteBuilder endpoints)
    {
        // The store limits the size, so that the answer has our reason.
        endpoints.MapPut("/attachments/{id:guid}", UploadAsync).RequireAuthorization().Admit(AdmissionKind.Request)
            .WithMetadata(new DisableRequestSizeLimitAttribute()).ForPrograms();
        endpoints.MapDelete("/attachments/{id:guid}", DiscardAsync).RequireAuthorization().ForPrograms();
        endpoints.MapMethods("/attachments/{id:guid}", [HttpMethods.Get, HttpMethods.Head], ServeFileAsync).ServesFiles().ForPrograms();
        endpoints.MapMethods("/attachments/{id:guid}/{width:int}", [HttpMethods.Get, HttpMethods.Head], ServeThumbnailAsync).ServesFiles().ForPrograms();
    }

    private static async Task<IResult> UploadAsync(
        HttpContext context, Guid id, string? owner, string? ownerId, string? name, string? voice, AttachmentUploads uploads, UploadQuota quota, UploadLimit limit, Origins origins,
        ILogger<AttachmentUploads> logger)
    {
        if (!origins.Allows(context.Request))
            return await RefuseAsync(Error(StatusCodes.Status403Forbidden, "forbidden", AttachmentTexts.Get("OriginRefused")));
        if (!Enum.TryParse<AttachmentOwner>(owner, ignoreCase: true, out var kind) || !Enum.IsDefined(kind)
            || !int.TryParse(ownerId, NumberStyles.None, CultureInfo.InvariantCulture, out var target))
            return await RefuseAsync(Error(StatusCodes.Status400BadRequest, "missing_field", AttachmentTexts.Get("OwnerMissing")));
        var maxSize = uploads.MaxSizeOf(kind);
        if (context.Request.ContentLength > maxSize)
            return await RefuseAsync(TooLarge(maxSize));
        using var entry = limit.TryEnter(context.User.UserId);
        if (entry is null)
        {
            var reason = AttachmentTexts.Get("UploadsFull", UploadLimit.MaxAtOnce).ToString();
            return await RefuseAsync(new ErrorAnswer(StatusCodes.Status429TooManyRequests, "rate_limited", reason, retryAfter: 1));
        }

        try
        {
            var upload = new Upload(id, kind, target, name ?? "", context.Request.ContentLength ?? 0) { Voice = VoiceMark.Parse(voice) };
            return TypedResults.Json(
                UploadReceipt.From(await uploads.ReceiveAsync(context.User, upload, context.Request.Body, context.RequestAborted)),
                UploadJson.Default.UploadReceipt);
        }
        catch (ContentTooLongException)
        {
            return await RefusedUpload.AnswerAsync(context, TooLarge(maxSize), maxSize);
        }
        catch (RefusedException refused)
        {
            return await RefuseAsync(new ErrorAnswer(refused));
        }
        catch (Exception full) when (DiskFull.Is(full))
        {
            quota.ReportFull();
            return await RefuseAsync(new ErrorAnswer(DiskFull.Refusal()));
        }
        catch (BadHttpRequestException brokenOff)
        {
            // The client is disconnected, which is not an error of this node.
            return Error(brokenOff.StatusCode, "interrupted", AttachmentTexts.Get("UploadInterrupted"));
        }
        catch (Exception exception) when (exception is not OperationCanceledException && !context.RequestAborted.IsCancellationRequested)
        {
            LogNotStored(logger, exception, id);
            return await RefuseAsync(Error(StatusCodes.Status500InternalServerError, "failed", AttachmentTexts.Get("UploadFailed")));
        }

        async Task<IResult> RefuseAsync(IResult refusal) => RefusedUpload.WaitsForContinue(context.Request)
            ? refusal
            : await RefusedUpload.AnswerAsync(context, refusal, 2 * uploads.MaxSize);
    }

    private static async Task<IResult> DiscardAsync(HttpContext context, Guid id, AttachmentUploads uploads, Origins origins)
    {
        if (!origins.Allows(context.Request))
            return Error(StatusCodes.Status403Forbidden, "forbidden", AttachmentTexts.Get("OriginRefused"));
        try
        {
            await uploads.DiscardAsync(context.User, id, context.RequestAborted);
            return TypedResults.NoContent();
        }
        catch (RefusedException refused)
        {
            return new ErrorAnswer(refused);
        }
    }

    private static Task<IResult> ServeFileAsync(HttpContext context, Guid id, AttachmentFiles files) => ServeAsync(context, id, null, files);

    private static async Task<IResult> ServeThumbnailAsync(HttpContext context, Guid id, int width, AttachmentFiles files) =>
        ThumbnailSize.Find(width) is { } size ? await ServeAsync(context, id, size, files) : TypedResults.NotFound();

    private static async Task<IResult> ServeAsync(HttpContext context, Guid id, ThumbnailSize? size, AttachmentFiles files) =>
        await files.OpenAsync(context.User, id, size, context.RequestAborted) is { } file ? FileEndpoints.Serve(context, file) : TypedResults.NotFound();

    private static ErrorAnswer TooLarge(long maxSize) => Error(
        StatusCodes.Status413PayloadTooLarge, "too_large", AttachmentTexts.Get("FileTooLarge", FileSize.Format(maxSize)));

    private static ErrorAnswer Error(int status, string code, LocalText message) => new(status, code, message.ToString());

    [LoggerMessage(1, LogLevel.Error, "Attachment {AttachmentId} could not be stored")]
    private static partial void LogNotStored(ILogger logger, Exception exception, Guid attachmentId);
}
